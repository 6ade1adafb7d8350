import { CmdbBusinessLine, CmdbProject, CmdbService, type CmdbPush } from '@berth/api';
import { ServiceCode } from '@berth/contracts';
import { createHash } from 'node:crypto';
import type { z } from 'zod';

export type Rejected = CmdbPush['rejected'][number];
export type Kind = Rejected['kind'];

/** A snapshot as it was pushed: rows are not checked yet. */
export interface RawSnapshot {
  readonly businessLines: readonly unknown[];
  readonly projects: readonly unknown[];
  readonly services: readonly unknown[];
}

/** The good rows of a snapshot, the bad ones with their reasons. */
export interface Snapshot {
  readonly lines: readonly z.output<typeof CmdbBusinessLine>[];
  readonly projects: readonly z.output<typeof CmdbProject>[];
  readonly services: readonly z.output<typeof CmdbService>[];
  readonly rejected: readonly Rejected[];
}

type Fault = Pick<Rejected, 'field' | 'reason'>;

/**
 * Checks the rows one by one. A bad row is explained and left out, the others count: one wrong code must not stop the
 * whole company's catalogue. Of two rows with the same id or code the first is taken.
 */
export function checkSnapshot(raw: RawSnapshot): Snapshot {
  const lines = checkRows('businessLine', raw.businessLines, CmdbBusinessLine, [once('code', (row) => row.code)]);
  const lineIds = new Set(lines.good.map(({ cmdbId }) => cmdbId));
  const projects = checkRows('project', raw.projects, CmdbProject, [
    parent('businessLine', 'business line', (row) => row.businessLine, lineIds),
    once('code', (row) => row.code),
  ]);
  const projectIds = new Set(projects.good.map(({ cmdbId }) => cmdbId));
  const services = checkRows('service', raw.services, CmdbService, [
    usableCode,
    parent('project', 'project', (row) => row.project, projectIds),
    once(
      'code',
      (row) => `${row.project}\u0000${row.code}`,
      (row) => row.code,
    ),
  ]);
  return {
    lines: lines.good,
    projects: projects.good,
    services: services.good,
    rejected: [...lines.rejected, ...projects.rejected, ...services.rejected],
  };
}

/** Tells equal contents: the order of rows and fields does not matter. */
export function hashOf(raw: RawSnapshot): string {
  const hash = createHash('sha256');
  for (const rows of [raw.businessLines, raw.projects, raw.services]) {
    for (const text of rows.map(canonical).sort()) hash.update(text).update('\n');
    hash.update('\u0000');
  }
  return hash.digest('hex');
}

type Rule<Row> = (row: Row) => Fault | null;

function checkRows<S extends z.ZodType<{ cmdbId: string }>>(
  kind: Kind,
  raw: readonly unknown[],
  schema: S,
  rules: readonly Rule<z.output<S>>[],
): { good: z.output<S>[]; rejected: Rejected[] } {
  const good: z.output<S>[] = [];
  const rejected: Rejected[] = [];
  const all: Rule<z.output<S>>[] = [once('cmdbId', (row) => row.cmdbId), ...rules];
  raw.forEach((value, index) => {
    const parsed = schema.safeParse(value);
    const fault = parsed.success ? firstFault(parsed.data, all) : faultOf(parsed.error.issues[0]);
    if (parsed.success && !fault) good.push(parsed.data);
    else if (fault) rejected.push({ kind, cmdbId: idOf(value), index, ...fault });
  });
  return { good, rejected };
}

function firstFault<Row>(row: Row, rules: readonly Rule<Row>[]): Fault | null {
  for (const rule of rules) {
    const fault = rule(row);
    if (fault) return fault;
  }
  return null;
}

/** Remembers what it has seen, so each use is for one list only. */
function once<Row>(field: string, valueOf: (row: Row) => string, shown = valueOf): Rule<Row> {
  const seen = new Set<string>();
  return (row) => {
    const value = valueOf(row);
    if (seen.has(value)) return { field, reason: `${shown(row)} is given twice` };
    seen.add(value);
    return null;
  };
}

function parent<Row>(field: string, what: string, idIn: (row: Row) => string, known: ReadonlySet<string>): Rule<Row> {
  return (row) => (known.has(idIn(row)) ? null : { field, reason: `there is no usable ${what} ${idIn(row)}` });
}

function usableCode(row: { code: string }): Fault | null {
  const parsed = ServiceCode.safeParse(row.code);
  return parsed.success ? null : { field: 'code', reason: parsed.error.issues[0]?.message ?? 'not a usable code' };
}

function faultOf(issue: z.core.$ZodIssue | undefined): Fault {
  return { field: issue?.path.map(String).join('.') ?? '', reason: issue?.message ?? 'not a usable row' };
}

function idOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'cmdbId' in value ? value.cmdbId : null;
  return typeof id === 'string' && id !== '' ? id.slice(0, 100) : null;
}

function canonical(row: unknown): string {
  if (typeof row !== 'object' || row === null) return JSON.stringify(row) ?? '';
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
