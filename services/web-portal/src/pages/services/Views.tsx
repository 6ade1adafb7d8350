import { CloseOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useOwnPreferences } from '../../app/own-preferences.js';
import { useT } from '../../i18n/index.js';

interface Props {
  /** The query of the list as it is now. */
  readonly query: string;
  /** Nothing is filtered, grouped or sorted: there is nothing to keep. */
  readonly isPlain: boolean;
  readonly onPick: (query: string) => void;
}

/** Lists as this user set them up before, by name. They are links: the address says everything. */
export function Views({ query, isPlain, onPick }: Props) {
  const t = useT();
  const { own, change } = useOwnPreferences();
  const [name, setName] = useState<string | null>(null);
  if (!own) return null;
  const isSaved = own.views.some((view) => view.query === query);
  const save = () => {
    const wanted = name?.trim();
    if (wanted) change({ views: [...own.views.filter((view) => view.name !== wanted), { name: wanted, query }] });
    setName(null);
  };
  return (
    <div className="chips views" role="group" aria-label={t('views.label')}>
      {own.views.map((view) => (
        <span key={view.name} className="view">
          <button type="button" className="chip" aria-pressed={view.query === query} onClick={() => onPick(view.query)}>
            {view.name}
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={t('views.remove', { name: view.name })}
            onClick={() => change({ views: own.views.filter((row) => row.name !== view.name) })}
          >
            <CloseOutlined />
          </button>
        </span>
      ))}
      {name === null ? (
        !isPlain &&
        !isSaved && (
          <button type="button" className="link" onClick={() => setName('')} data-testid="view-save">
            {t('views.save')}
          </button>
        )
      ) : (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <input
            className="text-input view-name"
            // The field appears because its button was pressed.
            autoFocus
            maxLength={40}
            value={name}
            placeholder={t('views.name')}
            aria-label={t('views.name')}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setName(null)}
            data-testid="view-name"
          />
          <button type="submit" className="plain-button">
            {t('common.save')}
          </button>
        </form>
      )}
    </div>
  );
}
