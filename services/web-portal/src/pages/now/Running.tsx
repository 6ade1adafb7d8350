import type { Operation } from '@berth/api';
import { parseServiceKey, ServiceKey } from '@berth/contracts';
import { Link } from '@tanstack/react-router';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { useNow } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import { lanesOf } from '../operations/lanes.js';

/** Every running operation in a line: what, where, who, how far, and how long against how long it usually takes. */
export function Running({ rows }: { rows: readonly Operation[] }) {
  const t = useT();
  if (rows.length === 0) return <p className="faint">{t('now.noneRunning')}</p>;
  return (
    <ul className="flush now-list">
      {rows.map((row) => (
        <Line key={row.id} row={row} />
      ))}
    </ul>
  );
}

function Line({ row }: { row: Operation }) {
  const t = useT();
  const now = useNow(1000);
  const place = ServiceKey.safeParse(row.target).success ? parseServiceKey(row.target) : null;
  const { done, total } = lanesOf(row.kind, row.steps, false);
  const elapsedMs = Math.max(0, now - Date.parse(row.acceptedAt));
  const isSlow = row.medianMs !== null && elapsedMs > 2 * row.medianMs;
  return (
    <li className="running" data-testid={`running-${row.id}`}>
      <span className="running-what">
        {place && <EnvironmentTag environment={place.environment} />}
        <Link to="/operations/$id" params={{ id: row.id }}>
          {t(`operationTitle.${row.kind}`, { target: place?.service ?? row.target })}
        </Link>
        <span className="soft">{row.actor.name}</span>
      </span>
      <span className="num soft">
        {row.state === 'accepted' ? t('operationState.accepted') : t('operation.stepOf', { done, total })}
      </span>
      <span className={isSlow ? 'num mark-warn' : 'num'}>
        {durationText(elapsedMs)}
        {row.medianMs !== null && (
          <span className="faint"> / {t('operation.median', { median: durationText(row.medianMs) })}</span>
        )}
      </span>
      <i className="running-bar" aria-hidden="true">
        <i style={{ width: `${Math.min(98, Math.round((done / Math.max(1, total)) * 100))}%` }} />
      </i>
    </li>
  );
}
