import type { Release } from '@berth/api';

type Row = Pick<Release, 'number' | 'live'>;

/**
 * What a release is compared with before anybody chooses: what serves; what came before it when it serves itself or
 * nothing does. Null when there is no other. `releases` newest first.
 */
export function comparedWith<R extends Row>(releases: readonly R[], release: Row): R | null {
  const others = releases.filter((row) => row.number !== release.number);
  const before = others.find((row) => row.number < release.number);
  const live = others.find((row) => row.live);
  return live ?? before ?? others.at(-1) ?? null;
}
