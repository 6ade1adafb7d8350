import type { Source } from './cmdb.store.pg.js';

/**
 * How a push stands to what its source said last.
 * - `older`: something newer is applied already.
 * - `other_content`: the same version number with another content; nobody could tell which of the two is true.
 */
export function standingOf(known: Source | null, pushed: Source): 'current' | 'older' | 'other_content' {
  if (!known || pushed.version > known.version) return 'current';
  if (pushed.version < known.version) return 'older';
  return pushed.contentHash === known.contentHash ? 'current' : 'other_content';
}
