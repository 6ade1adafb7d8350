import { firstSteps, type Acknowledgement, type Operation, type ServiceListItem } from '@berth/api';
import type { OperationKind, ServiceState } from '@berth/contracts';

/** States that somebody has to look at. */
export const unwellStates: readonly ServiceState[] = ['down', 'deploy_failed', 'degraded', 'unknown'];

const severity = ['down', 'deploy_failed', 'unknown', 'degraded'];
const environmentOrder = ['prod', 'staging', 'test', 'dev'];

export const keyOfRow = (row: Pick<ServiceListItem, 'project' | 'environment' | 'code'>) =>
  `${row.project}/${row.environment}/${row.code}`;

/** Production first, then by how bad it is, then the longest; what somebody looks after comes after the rest of its environment. */
export function inOrder(rows: readonly ServiceListItem[], acknowledged: ReadonlySet<string>): ServiceListItem[] {
  const rank = (row: ServiceListItem) => [
    environmentOrder.indexOf(row.environment),
    acknowledged.has(keyOfRow(row)) ? 1 : 0,
    severity.indexOf(row.state),
    row.stateSince === null ? 0 : Date.parse(row.stateSince),
  ];
  return [...rows].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    if (at >= 0) return (left[at] ?? 0) - (right[at] ?? 0);
    return keyOfRow(a) < keyOfRow(b) ? -1 : 1;
  });
}

/** An acknowledgement is about the trouble it was said of: not about what began after the service was well again. */
export function acknowledgementOf(
  row: ServiceListItem,
  all: readonly Acknowledgement[],
  now: number,
): Acknowledgement | null {
  const found = all.find(({ target }) => target === keyOfRow(row));
  if (!found || Date.parse(found.until) <= now) return null;
  const beganMs = row.stateSince === null ? 0 : Date.parse(row.stateSince);
  return beganMs - Date.parse(found.at) > recurrenceMs ? null : found;
}
/** A service that flaps between two bad states is one trouble; one that broke again hours later is another. */
const recurrenceMs = 60 * 60_000;

/** Deployed services that are not unwell, by what they are: the sentence of a page on which nothing is unwell. */
export function wellOf(counts: Partial<Record<ServiceState, number>>): { state: ServiceState; count: number }[] {
  const order: readonly ServiceState[] = ['running', 'changing', 'deploying', 'stopped', 'deleting'];
  return order.flatMap((state) => ((counts[state] ?? 0) > 0 ? [{ state, count: counts[state] ?? 0 }] : []));
}

/** So many are unwell beyond those that are shown. */
export function moreUnwell(counts: Partial<Record<ServiceState, number>>, shown: number): number {
  return Math.max(0, unwellStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0) - shown);
}

/** A change that was accepted after the trouble began is not what came before it. */
export function cameAfter(row: Pick<ServiceListItem, 'lastChange' | 'stateSince'>): boolean {
  if (!row.lastChange || row.stateSince === null) return false;
  return Date.parse(row.lastChange.at) > Date.parse(row.stateSince);
}

/** The start of the reader's day. */
export function startOfDay(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

export { firstSteps };
export type FirstStep = (typeof firstSteps)[number];

const changes: readonly OperationKind[] = ['service.deploy', 'service.upgrade'];

const givenUp: readonly Operation['state'][] = ['superseded', 'cancelled'];

type Attempt = Pick<Operation, 'id' | 'kind' | 'state' | 'target' | 'actor' | 'acceptedAt'>;

/**
 * The first ten minutes of `me`, read from what really happened: a deploy that succeeded, a change that came to nothing, a
 * change that succeeded after one of the same service had failed (whoever had broken it), a rollback. An upgrade that I take
 * back, or mend before its deadline, is broken all the same. `operations` are mine and the failed ones of everybody.
 */
export function stepsDone(operations: readonly Attempt[], me: string): ReadonlySet<FirstStep> {
  const done = new Set<FirstStep>();
  const oldestFirst = [...operations].sort((a, b) => Date.parse(a.acceptedAt) - Date.parse(b.acceptedAt));
  const broken = new Set<string>();
  for (const { kind, state, target, actor } of oldestFirst) {
    const isMine = actor.id === me;
    const isChange = changes.includes(kind);
    if (isChange && (state === 'failed' || (isMine && givenUp.includes(state)))) {
      broken.add(target);
      if (isMine) done.add('break');
    }
    if (state !== 'succeeded' || !isMine) continue;
    if (kind === 'service.deploy') done.add('deploy');
    if (kind === 'service.rollback') done.add('rollback');
    if (broken.has(target) && (isChange || kind === 'service.rollback')) done.add('fix');
  }
  return done;
}
