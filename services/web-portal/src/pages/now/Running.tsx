import type { Operation } from '@berth/api';
import { parseServiceKey, ServiceKey } from '@berth/contracts';
import { Link } from '@tanstack/react-router';
import { useT, type Translate } from '../../i18n/index.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { useNow } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import { useSteady } from '../../ui/useSteady.js';
import { Waiting } from '../../ui/Waiting.js';
import { lanesOf } from '../operations/lanes.js';

/** Every running operation in a line: what, where, who, how far, and how long against how long it usually takes. */
export function Running({ rows, reset }: { rows: readonly Operation[]; reset: string }) {
  const t = useT();
  const steady = useSteady(rows, idOf, reset);
  if (steady.rows.length === 0) return <p className="faint">{t('now.noneRunning')}</p>;
  return (
    <div className="now-held" {...steady.holding}>
      <Waiting count={steady.waiting} onTake={steady.take} />
      <ul className="flush now-list">
        {steady.rows.map((row) => (
          <Line key={row.id} row={row} gone={steady.gone.has(row.id)} />
        ))}
      </ul>
    </div>
  );
}

const idOf = (row: Operation) => row.id;

function Line({ row, gone }: { row: Operation; gone: boolean }) {
  const t = useT();
  const now = useNow(1000);
  const place = ServiceKey.safeParse(row.target).success ? parseServiceKey(row.target) : null;
  const { done, total } = lanesOf(row.kind, row.steps, false);
  const elapsedMs = Math.max(0, now - Date.parse(row.acceptedAt));
  const isSlow = row.medianMs !== null && elapsedMs > 2 * row.medianMs;
  return (
    <li className={gone ? 'running gone' : 'running'} data-testid={`running-${row.id}`}>
      <span className="running-what">
        {place && <EnvironmentTag environment={place.environment} />}
        <Link to="/operations/$id" params={{ id: row.id }}>
          {t(`operationTitle.${row.kind}`, { target: place?.service ?? row.target })}
        </Link>
        <span className="soft">{row.actor.name}</span>
      </span>
      <span className="num soft">{progressText(t, row, gone)}</span>
      <span className={isSlow ? 'num mark-warn' : 'num'}>
        {durationText(elapsedMs)}
        {row.medianMs !== null && (
          <span className="faint"> / {t('operation.median', { median: durationText(row.medianMs) })}</span>
        )}
      </span>
      <i className="running-bar" aria-hidden="true">
        <i
          style={{
            width: `${Math.min(98, Math.round((done / Math.max(1, total ?? 1)) * (total === null ? 0 : 100)))}%`,
          }}
        />
      </i>
    </li>
  );
}

/** Its step of how many, once it is known how many there are. */
function progressText(t: Translate, { kind, steps, state }: Operation, gone: boolean): string {
  const { done, total } = lanesOf(kind, steps, false);
  if (gone) return t('operations.ended');
  if (state === 'accepted' || total === null) return t(`operationState.${state}`);
  return t('operation.stepOf', { done, total });
}
