import { operationKinds } from '@berth/contracts';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import type { OperationsSearch } from './search.js';

interface Props {
  readonly search: OperationsSearch;
  readonly onSet: (change: Partial<OperationsSearch>) => void;
}

const spans = [1, 24, 24 * 7, 24 * 30] as const;

/** What is looked for, by whom, of which kind, since when and with which end; all of it is in the address. */
export function OperationFilters({ search, onSet }: Props) {
  const t = useT();
  const [text, setText] = useState(search.q ?? '');
  return (
    <div className="row list-tools">
      <input
        className="text-input"
        type="search"
        data-search
        data-testid="operations-search"
        value={text}
        placeholder={`${t('operations.search')}  /`}
        aria-label={t('operations.search')}
        onChange={(event) => {
          setText(event.target.value);
          onSet({ q: event.target.value || undefined });
        }}
      />
      <div className="chips" role="group" aria-label={t('services.state')}>
        {([undefined, 'running', 'ended', 'failed'] as const).map((name) => (
          <button
            key={name ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={search.state === name}
            onClick={() => onSet({ state: name, ended: undefined })}
          >
            {t(name ? `operations.${name}` : 'common.all')}
          </button>
        ))}
      </div>
      <select
        className="text-input"
        aria-label={t('operations.what')}
        data-testid="operations-kind"
        value={search.kind ?? ''}
        onChange={(event) => onSet({ kind: operationKinds.find((kind) => kind === event.target.value) })}
      >
        <option value="">{t('operations.anyKind')}</option>
        {operationKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`operationKind.${kind}`)}
          </option>
        ))}
      </select>
      <select
        className="text-input"
        aria-label={t('operations.when')}
        data-testid="operations-since"
        value={search.ended ?? search.hours ?? ''}
        onChange={({ target: { value } }) =>
          onSet(
            value === 'today'
              ? { ended: 'today', hours: undefined }
              : { ended: undefined, hours: value === '' ? undefined : Number(value) },
          )
        }
      >
        <option value="">{t('operations.anyTime')}</option>
        <option value="today">{t('operations.endedToday')}</option>
        {spans.map((hours) => (
          <option key={hours} value={hours}>
            {hours < 24 ? t('operations.lastHour') : t('operations.lastDays', { count: hours / 24 })}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="chip"
        aria-pressed={search.actor === 'me'}
        data-testid="operations-mine"
        onClick={() => onSet({ actor: search.actor === 'me' ? undefined : 'me' })}
      >
        {t('operations.mine')}
      </button>
      {search.actor && search.actor !== 'me' && (
        <button type="button" className="chip" aria-pressed onClick={() => onSet({ actor: undefined })}>
          {t('operations.oneActor')} ×
        </button>
      )}
    </div>
  );
}
