import type { CmdbPush } from '@berth/api';
import type { CatalogServiceStateData, ProjectStateData } from '@berth/contracts';
import { isDeepStrictEqual } from 'node:util';
import { mintSlug } from './slug.js';
import type { Kind, Snapshot } from './snapshot.js';

export interface Line {
  readonly cmdbId: string;
  readonly code: string;
  readonly name: string;
  readonly allowsUnregistered: boolean;
  readonly retired: boolean;
}

export interface Project {
  readonly slug: string;
  readonly cmdbId: string;
  readonly code: string;
  readonly name: string;
  readonly lineId: string;
  readonly lineCode: string;
  readonly lineName: string;
  readonly allowsUnregistered: boolean;
  readonly retired: boolean;
}

export interface Service {
  readonly project: string;
  readonly code: string;
  readonly cmdbId: string;
  readonly name: string;
  readonly owner: string | null;
  readonly retired: boolean;
}

/** Everything one source has said so far, retired rows included. */
export interface Catalogue {
  readonly lines: readonly Line[];
  readonly projects: readonly Project[];
  readonly services: readonly Service[];
}

export interface Changes<Row> {
  readonly created: readonly Row[];
  readonly updated: readonly Row[];
  readonly retired: readonly Row[];
  readonly unchanged: number;
}

export interface Difference {
  readonly lines: Changes<Line>;
  readonly projects: Changes<Project>;
  readonly services: Changes<Service>;
}

/**
 * What a snapshot changes. A row that is missing is retired; one that came back is taken up again. A row that was rejected
 * is still named by the CMDB, so what is known of it stays as it is.
 * @param takenSlugs of all sources.
 */
export function differenceOf(
  known: Catalogue,
  snapshot: Snapshot,
  source: string,
  takenSlugs: ReadonlySet<string>,
): Difference {
  const lines = snapshot.lines.map(({ cmdbId, code, name, allowsUnregistered = false }) => ({
    cmdbId,
    code,
    name,
    allowsUnregistered,
    retired: false,
  }));
  const projects = projectsOf(known, snapshot, lines, source, takenSlugs);
  const slugs = new Map(projects.map(({ cmdbId, slug }) => [cmdbId, slug]));
  const services = snapshot.services.map(({ cmdbId, code, name, project, owner }) => ({
    project: slugs.get(project) as string,
    code,
    cmdbId,
    name,
    owner: owner ?? null,
    retired: false,
  }));
  const isKept = keptBy(snapshot);
  return {
    lines: compare(known.lines, lines, ({ cmdbId }) => cmdbId, isKept('businessLine')),
    projects: compare(known.projects, projects, ({ slug }) => slug, isKept('project')),
    services: compare(known.services, services, ({ project, code }) => `${project}/${code}`, isKept('service')),
  };
}

export function isEmpty(difference: Difference): boolean {
  return Object.values(difference).every(
    ({ created, updated, retired }: Changes<unknown>) => created.length + updated.length + retired.length === 0,
  );
}

export function countsOf(difference: Difference, snapshot: Snapshot): CmdbPush['counts'] {
  const counts = ({ created, updated, retired, unchanged }: Changes<unknown>, kind: Kind) => ({
    created: created.length,
    updated: updated.length,
    retired: retired.length,
    unchanged,
    rejected: snapshot.rejected.filter((row) => row.kind === kind).length,
  });
  return {
    businessLines: counts(difference.lines, 'businessLine'),
    projects: counts(difference.projects, 'project'),
    services: counts(difference.services, 'service'),
  };
}

/** Rows to write. */
export function changedRows<Row>({ created, updated, retired }: Changes<Row>): Row[] {
  return [...created, ...updated, ...retired];
}

export function projectStateOf(project: Project, updatedAt: Date): ProjectStateData {
  const { slug, code, name, cmdbId, retired, allowsUnregistered, lineCode, lineName } = project;
  const businessLine = { code: lineCode, name: lineName };
  return { slug, code, name, businessLine, cmdbId, retired, allowsUnregistered, updatedAt: updatedAt.toISOString() };
}

export function serviceStateOf(service: Service, updatedAt: Date): CatalogServiceStateData {
  return { ...service, updatedAt: updatedAt.toISOString() };
}

function projectsOf(
  known: Catalogue,
  snapshot: Snapshot,
  lines: readonly Line[],
  source: string,
  takenSlugs: ReadonlySet<string>,
): Project[] {
  const lineById = new Map(lines.map((line) => [line.cmdbId, line]));
  const slugById = new Map(known.projects.map(({ cmdbId, slug }) => [cmdbId, slug]));
  const taken = new Set(takenSlugs);
  return snapshot.projects.map(({ cmdbId, code, name, businessLine }) => {
    const line = lineById.get(businessLine) as Line;
    const slug = slugById.get(cmdbId) ?? mintSlug(code, `${source}/${cmdbId}`, taken);
    taken.add(slug);
    return {
      slug,
      cmdbId,
      code,
      name,
      lineId: line.cmdbId,
      lineCode: line.code,
      lineName: line.name,
      allowsUnregistered: line.allowsUnregistered,
      retired: false,
    };
  });
}

/** Ids that only rejected rows name. */
function keptBy({ rejected, lines, projects, services }: Snapshot) {
  const good = { businessLine: lines, project: projects, service: services };
  return (kind: Kind) => {
    const ids = new Set(rejected.filter((row) => row.kind === kind).map(({ cmdbId }) => cmdbId));
    for (const { cmdbId } of good[kind]) ids.delete(cmdbId);
    return ({ cmdbId }: { cmdbId: string }) => ids.has(cmdbId);
  };
}

function compare<Row extends { retired: boolean }>(
  known: readonly Row[],
  wanted: readonly Row[],
  keyOf: (row: Row) => string,
  isKept: (row: Row) => boolean,
): Changes<Row> {
  const before = new Map(known.map((row) => [keyOf(row), row]));
  const created: Row[] = [];
  const updated: Row[] = [];
  let unchanged = 0;
  for (const row of wanted) {
    const old = before.get(keyOf(row));
    if (!old) created.push(row);
    else if (isDeepStrictEqual(old, row)) unchanged += 1;
    else updated.push(row);
    before.delete(keyOf(row));
  }
  const missing = [...before.values()].filter((row) => !row.retired && !isKept(row));
  return { created, updated, retired: missing.map((row) => ({ ...row, retired: true })), unchanged };
}
