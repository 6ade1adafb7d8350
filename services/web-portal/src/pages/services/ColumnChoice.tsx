import { SettingOutlined } from '@ant-design/icons';
import { useOwnPreferences } from '../../app/own-preferences.js';
import { useT } from '../../i18n/index.js';
import type { GridColumn } from '../../ui/Grid.js';
import { optionalColumns } from './columns.js';

type Id = (typeof optionalColumns)[number];
const isOptional = (id: string): id is Id => (optionalColumns as readonly string[]).includes(id);

/** The columns as this reader chose them; null while nobody chose and the width decides. */
export function useChosenColumns<Row>(columns: readonly GridColumn<Row>[]) {
  const { own } = useOwnPreferences();
  const chosen = own?.serviceColumns ?? null;
  if (chosen === null) return { columns, chosen };
  return { columns: columns.filter(({ id }) => !isOptional(id) || chosen.includes(id)), chosen };
}

/** Which columns the list has, kept from browser to browser. */
export function ColumnChoice({ columns }: { columns: readonly GridColumn<never>[] }) {
  const t = useT();
  const { own, change } = useOwnPreferences();
  if (!own) return null;
  const ids = columns.flatMap(({ id }) => (isOptional(id) ? [id] : []));
  const chosen = own.serviceColumns ?? ids;
  const toggle = (id: Id) =>
    change({ serviceColumns: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id] });
  return (
    <details className="column-choice">
      <summary className="chip" title={t('columns.label')} aria-label={t('columns.label')} data-testid="columns">
        <SettingOutlined />
      </summary>
      <div className="column-list" role="group" aria-label={t('columns.label')}>
        {columns
          .filter(({ id }) => isOptional(id))
          .map(({ id, header }) => (
            <label key={id} className="row">
              <input
                type="checkbox"
                checked={chosen.includes(id)}
                data-testid={`column-${id}`}
                onChange={() => isOptional(id) && toggle(id)}
              />
              {header}
            </label>
          ))}
        <button
          type="button"
          className="link"
          disabled={own.serviceColumns === null}
          onClick={() => change({ serviceColumns: null })}
        >
          {t('columns.auto')}
        </button>
      </div>
    </details>
  );
}
