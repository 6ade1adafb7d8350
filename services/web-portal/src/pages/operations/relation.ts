import type { Operation } from '@berth/api';

type Attempt = Pick<Operation, 'kind' | 'state' | 'acceptedAt'>;
export type Relation = 'superseding' | 'retry' | 'before' | 'after';

/** What another operation of the same service is to this one. */
export function relationOf(operation: Attempt & Pick<Operation, 'endedAt'>, other: Attempt): Relation {
  if (other.acceptedAt < operation.acceptedAt) return 'before';
  if (operation.state === 'superseded' && other.acceptedAt <= (operation.endedAt ?? '')) return 'superseding';
  const failed = operation.state === 'failed' || operation.state === 'refused';
  return failed && other.kind === operation.kind ? 'retry' : 'after';
}
