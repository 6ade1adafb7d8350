import { z } from 'zod';
import type { GridSort } from '../../ui/Grid.js';

/** The address of the services list behind its scope. */
export const ServicesSearch = z.object({
  state: z.string().optional(),
  q: z.string().optional(),
  group: z.enum(['environment', 'project', 'service']).optional().catch(undefined),
  /** A column; with `-` before it the largest first. */
  sort: z.string().optional(),
  who: z.enum(['mine']).optional().catch(undefined),
});
export type ServicesSearch = z.infer<typeof ServicesSearch>;

interface Scope {
  readonly project: string;
  readonly env: string;
}

/** All that a saved view keeps: where, which, in what order. */
export function viewText(scope: Scope, search: ServicesSearch): string {
  const kept = Object.entries(search).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return new URLSearchParams([['project', scope.project], ['env', scope.env], ...kept]).toString();
}

export function viewOf(text: string): { scope: Scope | null; search: ServicesSearch } {
  const { project, env, ...rest } = Object.fromEntries(new URLSearchParams(text));
  const parsed = Object.entries(ServicesSearch.parse(rest)).filter(([, value]) => value !== undefined);
  return { scope: project && env ? { project, env } : null, search: Object.fromEntries(parsed) };
}

export function sortOf(text: string | undefined): GridSort | null {
  if (!text) return null;
  return text.startsWith('-') ? { id: text.slice(1), desc: true } : { id: text, desc: false };
}

export const sortText = (sort: GridSort | null) => (sort ? `${sort.desc ? '-' : ''}${sort.id}` : undefined);
