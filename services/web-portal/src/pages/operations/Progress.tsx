import type { Operation } from '@berth/api';
import { isFinal } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { platformHealthQuery } from '../../api/queries.js';
import { useT, type Translate } from '../../i18n/index.js';
import { useNow } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import { toneOf } from '../../ui/tone.js';
import { lanesOf, stepsOf, type Lanes } from './lanes.js';

/** From here on a delay is worth a word. */
const worthSayingMs = 5000;

/** How many steps are done, and the time against the median of the same kind. The bar goes by steps alone: time is no progress. */
export function Progress({ operation }: { operation: Operation }) {
  const t = useT();
  const now = useNow(500);
  const { acceptedAt, endedAt, kind, medianMs, state } = operation;
  const ended = isFinal(state);
  const lanes = lanesOf(kind, stepsOf(operation), ended);
  const share = shareOf(lanes, ended);
  const elapsedMs = Math.max(0, (endedAt ? Date.parse(endedAt) : now) - Date.parse(acceptedAt));
  const { data: health } = useQuery({ ...platformHealthQuery, enabled: !ended });
  const late = ended ? null : lateText(t, state, elapsedMs, health?.bus.delayMs ?? 0);
  return (
    <div className="progress">
      <div
        className={`progress-bar progress-${toneOf.operation(state)}`}
        role="progressbar"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={t('operation.progress')}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <p className="soft num">
        {durationText(elapsedMs)}
        {medianMs !== null && (
          <span className="faint"> · {t('operation.median', { median: durationText(medianMs) })}</span>
        )}
        {!ended && <span className="faint"> · {stepCount(t, lanes)}</span>}
        {late && (
          <span className="mark-warn" role="status" data-testid="op-late">
            {' '}
            · {late}
          </span>
        )}
      </p>
    </div>
  );
}

function shareOf({ done, total }: Lanes, ended: boolean): number {
  if (ended) return 1;
  return total === null ? Math.min(0.1, done * 0.03) : done / Math.max(1, total);
}

function stepCount(t: Translate, { done, total }: Lanes): string {
  return total === null ? t('operation.stepCount', { done }) : t('operation.stepOf', { done, total });
}

/** What keeps it waiting, or makes it look still: the bus first, then the queue. */
export function lateText(
  t: Translate,
  state: Operation['state'],
  elapsedMs: number,
  busDelayMs: number,
): string | null {
  const delay = durationText(busDelayMs);
  if (busDelayMs > worthSayingMs)
    return t(state === 'accepted' ? 'operation.busLateAccepted' : 'operation.busLateRunning', { delay });
  const isWaiting = state === 'accepted' && elapsedMs > worthSayingMs;
  return isWaiting ? t('operation.waiting', { time: durationText(elapsedMs) }) : null;
}
