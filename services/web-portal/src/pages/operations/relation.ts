import type { Operation } from '@berth/api';

type Attempt = Pick<Operation, 'id' | 'kind' | 'state' | 'acceptedAt' | 'problem'>;
export type Relation = 'superseding' | 'superseded' | 'retry' | 'retried' | 'waitsFor' | 'before' | 'after';

const isUnsuccessful = ({ state }: Attempt) => state === 'failed' || state === 'refused' || state === 'cancelled';
const superseder = ({ state, problem }: Attempt) => (state === 'superseded' ? problem?.params?.operationId : undefined);

/** What another operation of the same service is to this one. */
export function relationOf(operation: Attempt & Pick<Operation, 'endedAt' | 'steps'>, other: Attempt): Relation {
  if (waitsFor(operation) === other.id) return 'waitsFor';
  if (superseder(other) === operation.id) return 'superseded';
  const isOfSameKind = other.kind === operation.kind;
  if (other.acceptedAt < operation.acceptedAt) return isUnsuccessful(other) && isOfSameKind ? 'retried' : 'before';
  const by = superseder(operation);
  if (by === other.id) return 'superseding';
  // Operations of an earlier version do not name what took their place.
  const isEarlierVersion = operation.state === 'superseded' && typeof by !== 'string';
  if (isEarlierVersion && other.acceptedAt <= (operation.endedAt ?? '')) return 'superseding';
  return isUnsuccessful(operation) && isOfSameKind ? 'retry' : 'after';
}

/** The operation that this one waits for before it begins. */
export function waitsFor({ steps }: Pick<Operation, 'steps'>): string | null {
  const waiting = steps.find((step) => step.state === 'waiting' && step.fact?.code === 'waits_for');
  const id = waiting?.fact?.params?.operationId;
  return typeof id === 'string' ? id : null;
}
