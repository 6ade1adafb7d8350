import { problemOf } from '@berth/api';
import { isSamePolicy, type OperationKind, type PlacementPolicy, type Problem } from '@berth/contracts';
import type { Placement } from './placement.js';

/** A change that the user makes to a placement, outside of releases. */
export type Change =
  | { readonly kind: Extract<OperationKind, 'service.scale'>; readonly replicas: number }
  | { readonly kind: Extract<OperationKind, 'service.split'>; readonly policy: PlacementPolicy }
  | { readonly kind: Extract<OperationKind, 'service.start' | 'service.stop'> };

/** The placement as it shall be, or why there is nothing to change. A stopped service keeps the total it is given. */
export function changed(placement: Placement, change: Change): Placement | { readonly problem: Problem } {
  if (placement.serviceState === 'deleting') return { problem: problemOf('service_deleting') };
  if (placement.paused) return { problem: problemOf('service_paused') };
  const { total, stopped } = placement;
  switch (change.kind) {
    case 'service.scale':
      return change.replicas === total
        ? nothing('same_total', `The service has ${total} replicas already.`, { total })
        : { ...placement, total: change.replicas };
    case 'service.split':
      return isSamePolicy(change.policy, placement.policy)
        ? nothing('same_policy', 'The replicas are split by this policy already.')
        : { ...placement, policy: change.policy };
    case 'service.start':
      return stopped ? { ...placement, stopped: false } : nothing('not_stopped', 'The service is not stopped.');
    case 'service.stop':
      return stopped ? nothing('stopped', 'The service is stopped already.') : { ...placement, stopped: true };
  }
}

function nothing(why: string, reason: string, params: Problem['params'] = {}): { readonly problem: Problem } {
  return { problem: problemOf('nothing_to_do', { why, ...params, reason }) };
}
