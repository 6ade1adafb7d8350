import type { CmdbVanished } from '@berth/api';
import { Link } from '@tanstack/react-router';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, Mark } from '../../ui/Mark.js';
import { Ago, Clock } from '../../ui/Time.js';

interface Props {
  readonly row: CmdbVanished;
  readonly isMarked: boolean;
  readonly mayDecide: boolean;
  readonly nameOf: (cluster: string) => string;
  readonly mark: (rows: readonly CmdbVanished[], on: boolean) => void;
  readonly ask: (row: CmdbVanished, decision: 'retire' | 'keep') => void;
}

/** One row that waits or is kept: what it is, where it runs, since which push, and the two decisions. */
export function VanishedRow({ row, isMarked, mayDecide, nameOf, mark, ask }: Props) {
  const t = useT();
  return (
    <tr data-testid={`vanished-${row.key}`}>
      {mayDecide && (
        <td>
          <input
            type="checkbox"
            aria-label={t('cmdb.markRow', { name: row.name })}
            checked={isMarked}
            onChange={(event) => mark([row], event.target.checked)}
          />
        </td>
      )}
      <td className="nowrap">
        <Mark tone={row.state === 'waiting' ? 'warn' : 'off'} state={row.state}>
          {t(`cmdbVanished.${row.state}`)}
        </Mark>
      </td>
      <td>
        <b>{row.name}</b> <span className="mono faint">{row.key}</span>
        {row.nowAt && <div>{t('cmdb.nowAt', { key: row.nowAt })}</div>}
        {row.keptUntil && (
          <div className="faint">
            {row.decidedBy}: {row.cause} · {t('cmdb.keptUntil')} <Clock at={row.keptUntil} />
          </div>
        )}
      </td>
      <td>
        {row.running.length === 0 && <span className="faint">{t('cmdb.nothingRuns')}</span>}
        {row.running.map((one) => (
          <div key={`${one.service}/${one.environment}`} className="row one-line">
            <EnvironmentTag environment={one.environment} /> {one.service}{' '}
            {t('cmdb.ready', { ready: one.ready, desired: one.desired })}{' '}
            <span className="faint">{one.clusters.map(({ cluster }) => nameOf(cluster)).join(' · ')}</span>
          </div>
        ))}
      </td>
      <td className="faint nowrap">
        <Link to="/admin/cmdb/pushes/$push" params={{ push: row.push }}>
          {row.source} {t('cmdb.version', { version: row.version })}
        </Link>{' '}
        · <Ago at={row.since} />
      </td>
      <td>
        {mayDecide && (
          <span className="row one-line">
            <button type="button" className="plain-button" onClick={() => ask(row, 'retire')} data-testid="retire">
              {t('cmdb.confirmRetire')}
            </button>
            <button type="button" className="plain-button" onClick={() => ask(row, 'keep')} data-testid="keep">
              {t('cmdb.keep')}
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}
