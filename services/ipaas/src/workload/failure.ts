import { isClusterError, type ClusterError } from '@berth/clients/kubernetes';
import { cutText } from '@berth/contracts';
import { TransientError } from '@berth/platform/errors';
import { LeaseLost } from '@berth/platform/lease';
import type { Blocked } from './plan.js';

/** A step found that it must not touch what is there. */
export class StepBlocked extends Error {
  override readonly name = 'StepBlocked';

  constructor(readonly blocked: Blocked) {
    super(`${blocked.code}: ${blocked.detail}`);
  }
}

/** Why a service could not be brought to what is desired, in words that may be shown. */
export interface ReconcileFailure {
  readonly code: Blocked['code'] | 'quota' | 'forbidden' | 'invalid' | 'unreachable' | 'internal';
  readonly detail: string;
}

/** What a failed attempt means for the service: `outdated`, the plan is no longer true; `ours`, nothing is wrong with it. */
export function failureOf(error: unknown): ReconcileFailure | 'outdated' | 'ours' {
  if (error instanceof StepBlocked) return error.blocked;
  if (isClusterError(error, 'conflict', 'not_found', 'gone')) return 'outdated';
  if (isClusterError(error)) return clusterFailure(error);
  if (error instanceof LeaseLost || error instanceof TransientError) return 'ours';
  return { code: 'internal', detail: 'an error of the platform; it is in the log' };
}

function clusterFailure(error: ClusterError): ReconcileFailure {
  const detail = cutText(error.message);
  switch (error.kind) {
    case 'forbidden':
      return { code: /exceeded quota/.test(detail) ? 'quota' : 'forbidden', detail };
    case 'unauthorized':
      return { code: 'forbidden', detail };
    case 'invalid':
      return { code: 'invalid', detail };
    default:
      return { code: 'unreachable', detail };
  }
}
