import type { Actor, ResolvedImage, ServiceSpec, ServiceState } from '@berth/contracts';
import type { RenderedRelease } from '../workload/render.js';

export type ReleaseKind = 'deploy' | 'upgrade' | 'rollback';
/** `unfinished`: a newer change took its place before it was ready everywhere. */
export type ReleaseResult = 'pending' | 'available' | 'failed' | 'unfinished';

/** What runs, frozen. Only `result` and `readyAt` are ever written after it was made. */
export interface Release {
  readonly serviceUid: string;
  readonly number: number;
  /** The spec version that the service got with this release; cluster-mgr answers with it. */
  readonly specVersion: number;
  readonly kind: ReleaseKind;
  /** For a rollback: the release whose content this is. */
  readonly fromRelease: number | null;
  readonly spec: ServiceSpec;
  readonly image: ResolvedImage;
  readonly rendererVersion: number;
  readonly actor: Actor;
  readonly cause: string | null;
  readonly operationId: string;
  readonly result: ReleaseResult;
  readonly createdAt: Date;
  readonly readyAt: Date | null;
}

/** A release with the objects as they were rendered for it. A newer renderer never touches them. */
export interface NewRelease extends Release {
  readonly rendered: RenderedRelease;
}

/** What is wrong then lies with the cluster, not with the release. */
const causesElsewhere: readonly (string | null)[] = ['no_capacity', 'quota', 'cluster_silent'];

/** The release that is not well now, and so is no good one to go back to; null while all is well. */
export function illRelease(service: {
  readonly state: ServiceState;
  readonly reason: string | null;
  readonly targetRelease: number | null;
}): number | null {
  const isIll = service.state === 'degraded' || service.state === 'down' || service.state === 'deploy_failed';
  return isIll && !causesElsewhere.includes(service.reason) ? service.targetRelease : null;
}

/** `shop/cart:1.4.2` without the registry, or the first digits of the digest when it has no tag. */
export function imageVersionOf(image: Pick<ResolvedImage, 'repository' | 'tag' | 'digest'>): string {
  return `${image.repository}:${image.tag ?? image.digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
}
