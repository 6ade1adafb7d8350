import type { Release } from '@berth/api';
import type { ServiceWithEtag } from '../../api/queries.js';

export type Obstacle =
  'rollback.isLive' | 'rollback.neverRan' | 'rollback.noImage' | 'rollback.paused' | 'rollback.deleting';

/**
 * Why a release cannot be gone back to; null when it can. What serves is no goal, unless another release is on its way or
 * its roll-out came to nothing on top of it: going back is then the way out.
 */
export function obstacleTo(
  release: Pick<Release, 'live' | 'readyAt' | 'imageInRegistry'>,
  service: Pick<ServiceWithEtag, 'state' | 'paused' | 'target'>,
): Obstacle | null {
  if (release.live && service.target === null) return 'rollback.isLive';
  if (service.state === 'deleting') return 'rollback.deleting';
  if (service.paused) return 'rollback.paused';
  if (release.readyAt === null) return 'rollback.neverRan';
  return release.imageInRegistry === 'no' ? 'rollback.noImage' : null;
}
