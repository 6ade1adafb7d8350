import type { ServiceListItem } from '@berth/api';
import { lazy, Suspense, useState } from 'react';
import { useT } from '../../i18n/index.js';
import { bulkActions, type BulkAction } from './bulk.js';
import { rowKey } from './columns.js';
import { useAllMarked, type Selection } from './selection.js';

const BulkDialog = lazy(async () => ({ default: (await import('./BulkDialog.js')).BulkDialog }));

/** What can be done with the marked rows; nothing while none is marked. */
export function BulkBar({ selection, rows }: { selection: Selection; rows: readonly ServiceListItem[] }) {
  const t = useT();
  const marked = useAllMarked(selection);
  const [asked, setAsked] = useState<{ action: BulkAction; rows: readonly ServiceListItem[] } | null>(null);
  if (marked.size === 0 && !asked) return null;
  const ask = (action: BulkAction) => setAsked({ action, rows: rows.filter((row) => marked.has(rowKey(row))) });
  return (
    <>
      <div className="bulk-bar" role="toolbar" aria-label={t('bulk.label')} data-testid="bulk-bar">
        <b>{t('bulk.marked', { count: marked.size })}</b>
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
        <button type="button" className="link" onClick={() => selection.set([])}>
          {t('bulk.clear')}
        </button>
      </div>
      <Suspense fallback={null}>
        {asked && (
          <BulkDialog
            action={asked.action}
            rows={asked.rows}
            onDone={() => selection.set([])}
            onClose={() => setAsked(null)}
          />
        )}
      </Suspense>
    </>
  );
}
