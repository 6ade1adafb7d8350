import { ServiceSpec } from '@berth/contracts';
import { z } from 'zod';
import { keyOf, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { draftOf, SpecDraft, withoutSecretValues } from '../deploy/draft.js';
import type { Base } from './bases.js';
import { changesUnder, rebased } from './three-way.js';

/** A change that was written and not sent, and what it was begun on. */
export const KeptUpgrade = z.object({
  base: z.object({
    release: z.number(),
    spec: ServiceSpec,
    digest: z.string().nullable(),
    etag: z.string(),
    version: z.number(),
  }),
  draft: SpecDraft,
  cause: z.string(),
  /** The release of another environment that its contents are from. */
  copiedFrom: z.object({ environment: z.string(), release: z.number() }).nullable(),
  /** The operation that it was sent with: what is refused is mended and sent again. */
  operation: z.uuid().nullable(),
});
export type KeptUpgrade = z.infer<typeof KeptUpgrade>;

export const keyOfUpgrade = (place: ServicePlace): string => `settings.${keyOf(place)}`;

export const withoutUpgradeValues = (kept: KeptUpgrade): KeptUpgrade => ({
  ...kept,
  draft: withoutSecretValues(kept.draft),
});

type Version = Pick<ServiceWithEtag, 'etag' | 'specVersion'>;

const baseFor = ({ release, spec, digest }: Base, { etag, specVersion }: Version): KeptUpgrade['base'] => ({
  release,
  spec,
  digest,
  etag,
  version: specVersion,
});

/** A change that changes nothing yet. */
export const freshUpgrade = (base: Base, service: Version): KeptUpgrade => ({
  base: baseFor(base, service),
  draft: draftOf(base.spec),
  cause: '',
  copiedFrom: null,
  operation: null,
});

/** As it was typed; secret values are sealed by now, and are typed again when they are needed again. */
export const sentUpgrade = (kept: KeptUpgrade, operation: string): KeptUpgrade => ({
  ...withoutUpgradeValues(kept),
  operation,
});

/** The same change on the version of now, when nothing that it was begun on is different by now. */
export function onSameBase(kept: KeptUpgrade, newest: Base, service: Version & Pick<ServiceWithEtag, 'candidate'>) {
  const isSame = changesUnder(kept.base.spec, kept.draft, newest.spec).length === 0;
  // While a change waits for its place nobody can see yet what it brings.
  return isSame && service.candidate === null ? { ...kept, base: baseFor(newest, service) } : kept;
}

/** The same change begun on another release: what that one has, and mine on top. */
export const onBase = (kept: KeptUpgrade, base: Base, service: Version): KeptUpgrade => ({
  ...kept,
  base: baseFor(base, service),
  draft: rebased(kept.base.spec, kept.draft, base.spec, new Set()),
});
