import type { Acknowledgement, Operation, ServiceListItem } from '@berth/api';
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

export interface Myself {
  readonly id: string;
  readonly name: string;
  readonly username: string;
}

/** Mine: I own it, or I was the last to change it. */
export function isMyService(row: Pick<ServiceListItem, 'owner' | 'lastChange'>, me: Myself): boolean {
  return row.owner === me.name || row.owner === me.username || row.lastChange?.actor.id === me.id;
}

export const isMyOperation = (row: Pick<Operation, 'actor'>, me: Pick<Myself, 'id'>) => row.actor.id === me.id;

/** The start of the reader's day. */
export function startOfDay(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

export const firstSteps = ['deploy', 'break', 'fix', 'rollback'] as const;
export type FirstStep = (typeof firstSteps)[number];

const changes: readonly OperationKind[] = ['service.deploy', 'service.upgrade'];

/**
 * The first ten minutes, read from what really happened: a deploy that succeeded, a change that failed, a change of the
 * same service that succeeded after it, a rollback.
 */
export function stepsDone(operations: readonly Operation[]): ReadonlySet<FirstStep> {
  const done = new Set<FirstStep>();
  const oldestFirst = [...operations].sort((a, b) => Date.parse(a.acceptedAt) - Date.parse(b.acceptedAt));
  const broken = new Set<string>();
  for (const { kind, state, target } of oldestFirst) {
    const isChange = changes.includes(kind);
    if (isChange && state === 'failed') {
      broken.add(target);
      done.add('break');
    }
    if (state !== 'succeeded') continue;
    if (kind === 'service.deploy') done.add('deploy');
    if (kind === 'service.rollback') done.add('rollback');
    if (broken.has(target) && (isChange || kind === 'service.rollback')) done.add('fix');
  }
  return done;
}
