import type { CmdbVanished } from '@berth/api';

/** The API takes this many at once. */
const most = 500;

/** Ids in the portions in which they are decided. */
export function portions(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / most) }, (_, index) =>
    ids.slice(index * most, (index + 1) * most),
  );
}

export interface Group {
  readonly project: string;
  readonly rows: readonly CmdbVanished[];
}

/** Rows by their project, in the order in which they come. */
export function byProject(rows: readonly CmdbVanished[]): Group[] {
  const groups = new Map<string, CmdbVanished[]>();
  for (const row of rows) {
    const project = row.key?.split('/')[0] ?? '';
    groups.set(project, [...(groups.get(project) ?? []), row]);
  }
  return [...groups].map(([project, of]) => ({ project, rows: of }));
}

/** What a decision about these rows hits: services and projects, and those that run in production. */
export function hitOf(rows: readonly CmdbVanished[]): { rows: number; production: number } {
  const production = rows.filter(({ running }) =>
    running.some(({ environment, desired, ready }) => environment === 'prod' && (desired > 0 || ready > 0)),
  );
  return { rows: rows.length, production: production.length };
}
