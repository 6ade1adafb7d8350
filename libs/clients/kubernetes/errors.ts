import { plainText } from './plain.js';

/**
 * How a call to a cluster can fail.
 * - `conflict`: the resourceVersion or uid it was planned from is no longer true: plan again.
 * - `unauthorized` (401), `forbidden` (403): the cluster is reachable, the credential is not enough.
 * - `gone`: a list token or watch position has expired: list again.
 * - `invalid`: the object was refused (400, 422); `message` says why and may be shown.
 * - `unreachable`: network, TLS, time limit, an answer that is not Kubernetes, or a 5xx.
 */
export type ClusterErrorKind =
  'not_found' | 'conflict' | 'unauthorized' | 'forbidden' | 'gone' | 'invalid' | 'too_many_requests' | 'unreachable';

/** Every failure of a ClusterClient call. `message` never holds a credential. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';

  constructor(
    readonly kind: ClusterErrorKind,
    message: string,
    readonly details: { readonly status?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(plainText(message), { cause: details.cause });
  }
}

/** `isClusterError(error, 'not_found', 'gone')`: true for those kinds; without kinds for any ClusterError. */
export function isClusterError(error: unknown, ...kinds: ClusterErrorKind[]): error is ClusterError {
  return error instanceof ClusterError && (kinds.length === 0 || kinds.includes(error.kind));
}
