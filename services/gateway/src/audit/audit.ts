import { routeTable, type AuditFilter, type AuditRow } from '@berth/api';
import type { Actor } from '@berth/contracts';
import type { Scopes } from '../rights/rights.js';

/** What somebody did, or tried to do. */
export interface AuditEntry {
  readonly actor: Actor;
  /** Network address of the caller. */
  readonly address: string | null;
  /** Id of the route. */
  readonly action: string;
  /** Scope path of what it was done to. */
  readonly target: string;
  readonly cause: string | null;
  readonly result: AuditRow['result'];
  readonly problemCode: string | null;
  readonly operationId: string | null;
  readonly correlationId: string;
}

/** Which rows are asked for. */
export interface AuditWanted extends AuditFilter {
  /** Only what was done in the project, as far as the scopes reach. */
  readonly project?: { readonly slug: string; readonly scopes: Scopes };
  /** Position of the last row of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Actions whose target is a project or something in it. A user or a cluster may have the same name as a project. */
export const projectActions: readonly string[] = routeTable
  .filter(({ path }) => path.includes(':project'))
  .map(({ id }) => id);

/**
 * Beginnings of the targets that belong to the project as far as the scopes reach. What concerns the project as a whole
 * is for those who reach all of it.
 */
export function targetsIn(slug: string, scopes: Scopes, environments: readonly string[]): string[] {
  const reached = environments.filter((name) => scopes === 'all' || scopes.includes(`${slug}/${name}`));
  return reached.length === environments.length ? [slug] : reached.map((name) => `${slug}/${name}`);
}

/** Line of a comma-separated file. A cell that a spreadsheet would take for a formula is led by an apostrophe. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  const text = String(cell);
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The filter as the audit log tells it. */
export function filterText(filter: object): string {
  return Object.entries(filter)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`]))
    .join(' ')
    .slice(0, 200);
}
