import type { ServiceListItem } from '@berth/api';
import { lazy, Suspense, useState } from 'react';
import { useT } from '../../i18n/index.js';
import { bulkActions, type BulkAction } from './bulk.js';
import { rowKey, useAllMarked, type Selection } from './selection.js';

const BulkDialog = lazy(async () => ({ default: (await import('./BulkDialog.js')).BulkDialog }));

/** What can be done with the marked rows, those that a filter hides too; nothing while none is marked. */
export function BulkBar({ selection, rows }: { selection: Selection; rows: readonly ServiceListItem[] }) {
  const t = useT();
  const marked = useAllMarked(selection);
  const [asked, setAsked] = useState<{ action: BulkAction; rows: readonly ServiceListItem[] } | null>(null);
  if (marked.size === 0 && !asked) return null;
  const here = new Map(rows.flatMap((row) => (marked.has(rowKey(row)) ? [[rowKey(row), row] as const] : [])));
  const hidden = marked.size - here.size;
  // As they are now; of those that are not in the list, as they were when they were marked.
  const ask = (action: BulkAction) => setAsked({ action, rows: [...new Map([...marked, ...here]).values()] });
  return (
    <>
      <div className="bulk-bar" role="toolbar" aria-label={t('bulk.label')} data-testid="bulk-bar">
        <b>{t('bulk.marked', { count: marked.size })}</b>
        {hidden > 0 && <span className="soft">{t('bulk.hidden', { count: hidden })}</span>}
        {here.size < rows.length && (
          <button type="button" className="link" onClick={() => selection.markAll(rows)} data-testid="bulk-all">
            {t('bulk.all', { count: rows.length })}
          </button>
        )}
        {bulkActions.map((action) => (
          <button
            key={action}
            type="button"
            className="plain-button"
            onClick={() => ask(action)}
            data-testid={`bulk-${action}`}
          >
            {t(`action.${action}`)}
          </button>
        ))}
        <button type="button" className="link" onClick={() => selection.clear()}>
          {t('bulk.clear')}
        </button>
      </div>
      <Suspense fallback={null}>
        {asked && (
          <BulkDialog
            action={asked.action}
            rows={asked.rows}
            onDone={() => selection.clear()}
            onClose={() => setAsked(null)}
          />
        )}
      </Suspense>
    </>
  );
}
