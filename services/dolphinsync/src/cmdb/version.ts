import type { Source } from './cmdb.store.pg.js';

type Known = Pick<Source, 'version' | 'contentHash'>;

/**
 * How a push stands to what its source said last.
 * - `older`: something newer is applied already.
 * - `other_content`: the same version number with another content; nobody could tell which of the two is true.
 * - `again`: a delta that is applied already.
 * - `out_of_order`: a delta on another version than the one that was applied last.
 */
export type Standing = 'current' | 'older' | 'other_content' | 'again' | 'out_of_order';

export function standingOf(known: Known | null, pushed: Known & { readonly baseVersion: number | null }): Standing {
  const isSame = known?.version === pushed.version && known.contentHash === pushed.contentHash;
  if (pushed.baseVersion !== null) {
    if (isSame) return 'again';
    if (known?.version === pushed.version) return 'other_content';
    return known?.version === pushed.baseVersion && pushed.version > pushed.baseVersion ? 'current' : 'out_of_order';
  }
  if (!known || pushed.version > known.version || isSame) return 'current';
  return pushed.version < known.version ? 'older' : 'other_content';
}
