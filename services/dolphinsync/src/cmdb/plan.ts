import type { CmdbCounts, CmdbPush, CmdbPushRow, CmdbRejected, CmdbRowKind } from '@berth/api';
import {
  projectKey,
  serviceKey,
  type Change,
  type Changes,
  type Difference,
  type Line,
  type Project,
  type Service,
} from './catalogue.js';
import { isLarge, retirementOf, type Retirement, type RetirementLimits } from './retirement.js';

/** A row that waits for a decision since an earlier push. */
export interface Open {
  readonly id: string;
  readonly kind: CmdbRowKind;
  readonly key: string;
  readonly name: string;
  readonly cmdbId: string;
}

/** What is known beside the catalogue when a push is weighed. */
export interface Standings {
  readonly open: readonly Open[];
  /** Keys of projects and services of which something runs. */
  readonly running: ReadonlySet<string>;
  /** Keys of projects and services with an entry that is linked by hand to something that runs elsewhere. */
  readonly linked: ReadonlySet<string>;
  /** Projects and services of the source that are not retired. */
  readonly active: number;
  readonly limits: RetirementLimits;
}

interface Planned<Row> extends Pick<Changes<Row>, 'changes' | 'unchanged'>, Retirement<Row> {}

/** Everything a push does, as data. */
export interface Plan {
  readonly lines: Planned<Line>;
  readonly projects: Planned<Project>;
  readonly services: Planned<Service>;
  /** Rows that waited and are named again. */
  readonly returned: readonly Open[];
  /** Rows that wait together for an approval. */
  readonly held: number;
}

export function planOf(difference: Difference, { open, running, linked, active, limits }: Standings): Plan {
  const { lines, projects, services } = difference;
  const openKeys = new Set(open.map(({ kind, key }) => `${kind}:${key}`));
  const vanishing = [
    ...projects.missing.filter(({ row }) => !openKeys.has(`project:${projectKey(row)}`)),
    ...services.missing.filter(({ row, nowAt }) => nowAt === null && !openKeys.has(`service:${serviceKey(row)}`)),
  ].length;
  const isTooMuch = isLarge(vanishing, active, limits);
  const missingKeys = new Set([
    ...projects.missing.map(({ row }) => `project:${projectKey(row)}`),
    ...services.missing.map(({ row }) => `service:${serviceKey(row)}`),
  ]);
  const waits = (kind: CmdbRowKind, key: string) => openKeys.has(`${kind}:${key}`);
  // An entry that only moved takes its link along: what it is linked to does not hold its old place.
  const runs = (key: string, nowAt: string | null) => running.has(key) || (nowAt === null && linked.has(key));
  const plan = {
    // A business line is a word about projects: nothing runs of it.
    lines: retired(lines, () => ({ runs: () => false, waits: () => false }), false),
    projects: retired(
      projects,
      () => ({
        runs: ({ row, nowAt }) => runs(projectKey(row), nowAt),
        waits: (row) => waits('project', projectKey(row)),
      }),
      isTooMuch,
    ),
    services: retired(
      services,
      () => ({
        runs: ({ row, nowAt }) => runs(serviceKey(row), nowAt),
        waits: (row) => waits('service', serviceKey(row)),
      }),
      isTooMuch,
    ),
  };
  const held = [...plan.projects.wait, ...plan.services.wait].filter(({ reason }) => reason === 'large').length;
  return { ...plan, returned: open.filter(({ kind, key }) => !missingKeys.has(`${kind}:${key}`)), held };
}

/** True when the push writes no row of the catalogue and opens or closes nothing. */
export function isEmpty({ lines, projects, services, returned }: Plan): boolean {
  const all: Planned<unknown>[] = [lines, projects, services];
  return (
    returned.length === 0 &&
    all.every(({ changes, retire, wait }) => changes.length + retire.length + wait.length === 0)
  );
}

/** Rows of the catalogue to write. */
export function writtenRows<Row extends { retired: boolean }>({ changes, retire }: Planned<Row>): Row[] {
  return [...retire.map(({ row }) => ({ ...row, retired: true })), ...changes.map(({ after }) => after)];
}

export function countsOf(plan: Plan, rejected: readonly CmdbRejected[]): CmdbPush['counts'] {
  const counts = ({ changes, retire, wait, stillWaiting, unchanged }: Planned<unknown>, kind: CmdbRowKind) => {
    const of = (name: Change<unknown>['change']) => changes.filter(({ change }) => change === name).length;
    const returned = plan.returned.filter((row) => row.kind === kind).length;
    return {
      created: of('create'),
      updated: of('update'),
      renamed: of('rename'),
      moved: of('move'),
      retired: retire.filter(({ nowAt }) => nowAt === null).length,
      restored: of('restore') + returned,
      waiting: wait.length + stillWaiting,
      unchanged: Math.max(0, unchanged - returned),
      rejected: rejected.filter((row) => row.kind === kind).length,
    } satisfies CmdbCounts;
  };
  return {
    businessLines: counts(plan.lines, 'businessLine'),
    projects: counts(plan.projects, 'project'),
    services: counts(plan.services, 'service'),
  };
}

/** The rows of a push as its page shows them: what needs somebody first. */
export function rowsOfPlan(plan: Plan, rejected: readonly CmdbRejected[]): CmdbPushRow[] {
  const rows = [
    ...rejected.map(rejectedRow),
    ...described('businessLine', plan.lines, lineFields, () => null),
    ...described('project', plan.projects, projectFields, projectKey),
    ...described('service', plan.services, serviceFields, serviceKey),
    ...plan.returned.map(({ kind, key, name, cmdbId }): CmdbPushRow => ({
      ...{ kind, key, name, cmdbId, change: 'restore', fields: [], rejected: null },
    })),
  ];
  return rows.sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
}

const order: readonly CmdbPushRow['change'][] = [
  'reject',
  'wait',
  'retire',
  'move',
  'rename',
  'update',
  'restore',
  'create',
];

type Value = string | boolean | null;
type Fields<Row> = (row: Row) => Readonly<Record<string, Value>>;
const lineFields: Fields<Line> = ({ code, name, allowsUnregistered, costCentre }) => ({
  code,
  name,
  allowsUnregistered,
  costCentre,
});
const projectFields: Fields<Project> = ({ code, name, lineCode, lineName, allowsUnregistered }) => ({
  code,
  name,
  businessLine: `${lineName} (${lineCode})`,
  allowsUnregistered,
});
const serviceFields: Fields<Service> = ({ project, code, name, owner, cmdbId }) => ({
  project,
  code,
  name,
  owner,
  cmdbId,
});

function retired<Row>(
  { changes, missing, unchanged }: Changes<Row>,
  standing: () => Parameters<typeof retirementOf<Row>>[1],
  isTooMuch: boolean,
): Planned<Row> {
  return { changes, unchanged, ...retirementOf(missing, standing(), isTooMuch) };
}

function described<Row extends { cmdbId: string; name: string }>(
  kind: CmdbRowKind,
  { changes, retire, wait }: Planned<Row>,
  fieldsOf: Fields<Row>,
  keyOf: (row: Row) => string | null,
): CmdbPushRow[] {
  const base = (row: Row) => ({ kind, cmdbId: row.cmdbId, key: keyOf(row), name: row.name, rejected: null });
  return [
    ...wait.map(({ row, nowAt }) => ({ ...base(row), change: 'wait' as const, fields: movedTo(keyOf(row), nowAt) })),
    ...retire
      .filter(({ nowAt }) => nowAt === null)
      .map(({ row }) => ({ ...base(row), change: 'retire' as const, fields: [] })),
    ...changes.map(({ change, before, after }) => ({
      ...base(after),
      change,
      fields: differences(before && fieldsOf(before), fieldsOf(after)),
    })),
  ];
}

function movedTo(key: string | null, nowAt: string | null): CmdbPushRow['fields'] {
  return nowAt === null ? [] : [{ field: 'key', before: key, after: nowAt }];
}

function differences(
  before: Readonly<Record<string, Value>> | null,
  after: Readonly<Record<string, Value>>,
): CmdbPushRow['fields'] {
  return Object.entries(after)
    .map(([field, value]) => ({ field, before: before?.[field] ?? null, after: value }))
    .filter((row) => row.before !== row.after);
}

function rejectedRow(rejected: CmdbRejected): CmdbPushRow {
  const { kind, cmdbId } = rejected;
  return { kind, change: 'reject', cmdbId, key: null, name: null, fields: [], rejected };
}
