import { problemOf } from '@berth/api';
import type { Problem, ResolvedImage, ServiceSpec } from '@berth/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Service } from '../service/service.js';
import type { Release } from './release.js';

/** An upgrade to the very same content has nothing to do, unless a failed roll-out lies on top of what serves. */
export function whyNothingToUpgrade(
  service: Pick<Service, 'liveRelease' | 'targetRelease' | 'candidateRelease'>,
  live: Pick<Release, 'number' | 'spec' | 'image'> | null,
  wanted: { readonly spec: ServiceSpec; readonly image: ResolvedImage },
): Problem | null {
  if (!live || service.targetRelease !== service.liveRelease || service.candidateRelease !== null) return null;
  const isSame =
    live.image.digest === wanted.image.digest && isDeepStrictEqual(content(live.spec), content(wanted.spec));
  if (!isSame) return null;
  return problemOf('nothing_to_do', {
    why: 'same_content',
    release: live.number,
    reason: `Release #${live.number} has exactly this content.`,
  });
}

/** No names and no such field are the same content. */
function content({ hostAliases = [], ...spec }: ServiceSpec): ServiceSpec {
  return { ...spec, hostAliases };
}
