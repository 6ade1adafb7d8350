import { CmdbBusinessLine, CmdbProject, CmdbService, type CmdbRejected, type CmdbRowKind } from '@berth/api';
import { ServiceCode } from '@berth/contracts';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { fault, faultOfIssue, hasUnshowable, mixesLetters, type Fault } from './fault.js';

/** Rows as they were pushed: not checked yet. */
export interface RawRows {
  readonly businessLines: readonly unknown[];
  readonly projects: readonly unknown[];
  readonly services: readonly unknown[];
}

export interface Rows {
  readonly lines: readonly z.output<typeof CmdbBusinessLine>[];
  readonly projects: readonly z.output<typeof CmdbProject>[];
  readonly services: readonly z.output<typeof CmdbService>[];
}

/** Everything the CMDB names after a push, and the rows that could not be taken, with their reasons. */
export interface Snapshot extends Rows {
  readonly rejected: readonly CmdbRejected[];
}

/** CMDB ids that a delta no longer names. */
export type Removed = Readonly<Record<'businessLines' | 'projects' | 'services', readonly string[]>>;

const nothing: Rows = { lines: [], projects: [], services: [] };

/**
 * Checks the rows one by one. A bad row is explained and left out, the others count: one wrong code must not stop the
 * whole company's catalogue. Of two rows with the same id or code the first is taken.
 * @param base rows that stand as they are unless they are pushed again: nothing for a full snapshot, what is known for a delta.
 */
export function checkSnapshot(raw: RawRows, base: Rows = nothing): Snapshot {
  const lines = checkRows('businessLine', raw.businessLines, CmdbBusinessLine, base.lines, (standing) => [
    once('code', standing, (row) => row.code),
  ]);
  const projects = checkRows('project', raw.projects, CmdbProject, base.projects, (standing) => [
    parent('businessLine', (row) => row.businessLine, idsOf(lines.all)),
    once('code', standing, (row) => row.code),
  ]);
  const services = checkRows('service', raw.services, CmdbService, base.services, (standing) => [
    usableCode,
    parent('project', (row) => row.project, idsOf(projects.all)),
    once('code', standing, (row) => `${row.project}\u0000${row.code}`),
  ]);
  return {
    lines: lines.all,
    projects: projects.all,
    services: services.all,
    rejected: [...lines.rejected, ...projects.rejected, ...services.rejected],
  };
}

/**
 * Ids that a delta cannot take away, each explained: nothing of this id is there, or the same delta names it and what is
 * named stays.
 * @param active CMDB ids that are not retired.
 */
export function checkRemoved(
  removed: Removed,
  raw: RawRows,
  active: Readonly<Record<keyof Removed, ReadonlySet<string>>>,
): CmdbRejected[] {
  return removedKinds.flatMap(([list, kind]) => {
    const named = namedIn(raw[list]);
    return removed[list].flatMap((cmdbId, index) => {
      if (named.has(cmdbId)) return [{ kind, cmdbId, index, ...fault('also_named', 'removed', cmdbId) }];
      if (!active[list].has(cmdbId)) return [{ kind, cmdbId, index, ...fault('nothing_to_remove', 'removed', cmdbId) }];
      return [];
    });
  });
}
const removedKinds = [
  ['businessLines', 'businessLine'],
  ['projects', 'project'],
  ['services', 'service'],
] as const;

/** CMDB ids of rows as they were pushed, good or bad. */
export function namedIn(rows: readonly unknown[]): Set<string> {
  return new Set(rows.map(idOf).filter((id) => id !== null));
}

/** Tells equal contents: the order of rows and fields does not matter. */
export function hashOf(raw: RawRows, removed?: Removed): string {
  const hash = createHash('sha256');
  const lists = [raw.businessLines, raw.projects, raw.services].map((rows) => rows.map(canonical));
  for (const texts of [...lists, ...Object.values(removed ?? {}).map((ids) => [...ids])]) {
    for (const text of texts.sort()) hash.update(text).update('\n');
    hash.update('\u0000');
  }
  return hash.digest('hex');
}

type Rule<Row> = (row: Row) => Fault | null;
type KnownById = { readonly cmdbId: string };

function checkRows<S extends z.ZodType<KnownById & { code: string }>>(
  kind: CmdbRowKind,
  raw: readonly unknown[],
  schema: S,
  base: readonly z.output<S>[],
  rulesFor: (standing: readonly z.output<S>[]) => readonly Rule<z.output<S>>[],
): { all: z.output<S>[]; rejected: CmdbRejected[] } {
  const pushedIds = new Set(raw.map(idOf));
  const rules: Rule<z.output<S>>[] = [
    showable,
    once<z.output<S>>('cmdbId', [], (row) => row.cmdbId),
    plainCode,
    ...rulesFor(base.filter(({ cmdbId }) => !pushedIds.has(cmdbId))),
  ];
  const good: z.output<S>[] = [];
  const rejected: CmdbRejected[] = [];
  raw.forEach((value, index) => {
    const parsed = schema.safeParse(value);
    const found = parsed.success ? firstFault(parsed.data, rules) : faultOfIssue(parsed.error.issues[0], value);
    if (parsed.success && !found) good.push(parsed.data);
    else if (found) rejected.push({ kind, cmdbId: idOf(value), index, ...found });
  });
  const goodIds = idsOf(good);
  return { all: [...base.filter(({ cmdbId }) => !goodIds.has(cmdbId)), ...good], rejected };
}

function firstFault<Row>(row: Row, rules: readonly Rule<Row>[]): Fault | null {
  for (const rule of rules) {
    const found = rule(row);
    if (found) return found;
  }
  return null;
}

/** Remembers what it has seen, so each use is for one list only. */
function once<Row>(field: string, standing: readonly Row[], valueOf: (row: Row) => string): Rule<Row> {
  const seen = new Set(standing.map(valueOf));
  return (row) => {
    const value = valueOf(row);
    if (seen.has(value)) return fault('given_twice', field, value.slice(value.indexOf('\u0000') + 1));
    seen.add(value);
    return null;
  };
}

function parent<Row>(field: string, idIn: (row: Row) => string, known: ReadonlySet<string>): Rule<Row> {
  return (row) => (known.has(idIn(row)) ? null : fault('unknown_parent', field, idIn(row)));
}

function showable(row: object): Fault | null {
  const bad = Object.entries(row).find(([, value]) => typeof value === 'string' && hasUnshowable(value));
  return bad ? fault('control_character', bad[0], bad[1]) : null;
}

function plainCode({ code }: { code: string }): Fault | null {
  return mixesLetters(code) ? fault('mixed_letters', 'code', code) : null;
}

function usableCode({ code }: { code: string }): Fault | null {
  if (ServiceCode.safeParse(code).success) return null;
  return fault(code.startsWith('kube-') ? 'reserved_code' : 'not_a_service_code', 'code', code);
}

function idsOf(rows: readonly KnownById[]): Set<string> {
  return new Set(rows.map(({ cmdbId }) => cmdbId));
}

function idOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'cmdbId' in value ? value.cmdbId : null;
  return typeof id === 'string' && id !== '' && !hasUnshowable(id) ? id.slice(0, 100) : null;
}

function canonical(row: unknown): string {
  if (typeof row !== 'object' || row === null) return JSON.stringify(row) ?? '';
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
