import type { ServiceSpec } from '@berth/contracts';
import type { ServiceWithEtag } from '../../api/queries.js';
import type { ServiceSearch } from './search.js';

/** A release that a change can begin with. */
export interface Base {
  readonly release: number;
  readonly spec: ServiceSpec;
  readonly digest: string | null;
  readonly standing: 'live' | 'rolling' | 'failed';
}

type Service = Pick<ServiceWithEtag, 'spec' | 'release' | 'resolvedImage' | 'target'>;

/** What serves and, before it, what is on its way or failed on top of it. Empty for what was never deployed. */
export function basesOf({ spec, release, resolvedImage, target }: Service): Base[] {
  const live: Base[] = spec
    ? [{ release: release ?? 0, spec, digest: resolvedImage?.digest ?? null, standing: 'live' }]
    : [];
  if (!target) return live;
  const standing = target.result === 'pending' ? 'rolling' : 'failed';
  return [{ release: target.release, spec: target.spec, digest: target.resolvedImage.digest, standing }, ...live];
}

/** Who comes from a finding or from an operation comes to mend what it judged; else it is what serves. */
export function firstBase<B extends Base>(
  bases: readonly B[],
  { base, edit }: Pick<ServiceSearch, 'base' | 'edit'>,
): B | undefined {
  return base === 'target' || (base === undefined && edit !== undefined) ? bases[0] : bases.at(-1);
}
