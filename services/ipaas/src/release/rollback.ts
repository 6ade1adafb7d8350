import { problemOf } from '@berth/api';
import type { Problem } from '@berth/contracts';
import type { Service } from '../service/service.js';
import type { Release } from './release.js';

/**
 * Why the service cannot go back to a release, or null. What runs now is no goal, unless a later roll-out failed on top of
 * it and stands still: going back to it is then the way out.
 */
export function whyNoRollback(
  service: Pick<Service, 'liveRelease' | 'targetRelease'>,
  number: number,
  release: Pick<Release, 'readyAt'> | null,
): Problem | null {
  if (!release) return problemOf('no_such_release', { release: number });
  if (!release.readyAt) return problemOf('release_never_ran', { release: number });
  const runsAlone = service.liveRelease === number && service.targetRelease === number;
  return runsAlone ? problemOf('release_is_live', { release: number }) : null;
}
