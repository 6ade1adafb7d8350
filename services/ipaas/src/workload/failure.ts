import { isClusterError, type ClusterError } from '@berth/clients/kubernetes';
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

/** What to remember of a failed attempt. Null: it was only too early, planning again is enough. */
export function failureOf(error: unknown): ReconcileFailure | null {
  if (error instanceof StepBlocked) return error.blocked;
  if (!isClusterError(error)) return { code: 'internal', detail: 'an error of the platform; it is in the log' };
  return clusterFailure(error);
}

function clusterFailure(error: ClusterError): ReconcileFailure | null {
  const detail = error.message.slice(0, 500);
  switch (error.kind) {
    case 'conflict':
    case 'not_found':
    case 'gone':
      return null;
    case 'forbidden':
      return { code: /exceeded quota/.test(detail) ? 'quota' : 'forbidden', detail };
    case 'unauthorized':
      return { code: 'forbidden', detail };
    case 'invalid':
      return { code: 'invalid', detail };
    case 'unreachable':
    case 'too_many_requests':
      return { code: 'unreachable', detail };
  }
}
