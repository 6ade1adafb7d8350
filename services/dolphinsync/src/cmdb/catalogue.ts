import type { CmdbChangeKind } from '@berth/api';
import type { CatalogServiceStateData, ProjectStateData } from '@berth/contracts';
import { isDeepStrictEqual } from 'node:util';
import { mintSlug } from './slug.js';
import type { Rows, Snapshot } from './snapshot.js';

export interface Line {
  readonly cmdbId: string;
  readonly code: string;
  readonly name: string;
  readonly allowsUnregistered: boolean;
  readonly costCentre: string | null;
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

export interface Change<Row> {
  readonly change: Extract<CmdbChangeKind, 'create' | 'update' | 'rename' | 'move' | 'restore'>;
  readonly before: Row | null;
  readonly after: Row;
}

/** A row that is known and no longer named. `nowAt`: the CMDB names the same thing under this key. */
export interface Missing<Row> {
  readonly row: Row;
  readonly nowAt: string | null;
}

export interface Changes<Row> {
  readonly changes: readonly Change<Row>[];
  readonly missing: readonly Missing<Row>[];
  readonly unchanged: number;
}

export interface Difference {
  readonly lines: Changes<Line>;
  readonly projects: Changes<Project>;
  readonly services: Changes<Service>;
}

const none = { changes: [], missing: [], unchanged: 0 };
export const noDifference: Difference = { lines: none, projects: none, services: none };

export const projectKey = ({ slug }: Project): string => slug;
export const serviceKey = ({ project, code }: Pick<Service, 'project' | 'code'>): string => `${project}/${code}`;
const lineKey = ({ cmdbId }: Line): string => cmdbId;

/**
 * What a snapshot changes. A row that came back is taken up again. A row that was rejected is still named by the CMDB, so
 * what is known of it stays as it is.
 * @param takenSlugs of all sources.
 */
export function differenceOf(
  known: Catalogue,
  snapshot: Snapshot,
  source: string,
  takenSlugs: ReadonlySet<string>,
): Difference {
  const lines = snapshot.lines.map(({ cmdbId, code, name, allowsUnregistered = false, costCentre = null }) => ({
    cmdbId,
    code,
    name,
    allowsUnregistered,
    costCentre,
    retired: false,
  }));
  const projects = projectsOf(known, snapshot, lines, source, takenSlugs);
  const slugs = new Map([...known.projects, ...projects].map(({ cmdbId, slug }) => [cmdbId, slug]));
  const services = snapshot.services.map(({ cmdbId, code, name, project, owner }) => ({
    project: slugs.get(project) as string,
    code,
    cmdbId,
    name,
    owner: owner ?? null,
    retired: false,
  }));
  const isRejected = rejectedIn(snapshot);
  return {
    lines: compare(known.lines, lines, lineKey, lineChange, isRejected('businessLine')),
    projects: compare(known.projects, projects, projectKey, projectChange, isRejected('project')),
    services: compare(known.services, services, serviceKey, serviceChange, isRejected('service')),
  };
}

/** What a source names now, in the form in which it is pushed: the base of a delta. A project that goes takes its services along. */
export function rowsOf(
  known: Catalogue,
  isNamed: (kind: keyof Catalogue, key: string, cmdbId: string) => boolean,
): Rows {
  const projects = known.projects.filter((row) => !row.retired && isNamed('projects', projectKey(row), row.cmdbId));
  const projectIds = new Map(projects.map(({ slug, cmdbId }) => [slug, cmdbId]));
  return {
    lines: known.lines
      .filter((row) => !row.retired && isNamed('lines', lineKey(row), row.cmdbId))
      .map(({ cmdbId, code, name, allowsUnregistered, costCentre }) => ({
        cmdbId,
        code,
        name,
        allowsUnregistered,
        ...(costCentre !== null && { costCentre }),
      })),
    projects: projects.map(({ cmdbId, code, name, lineId }) => ({ cmdbId, code, name, businessLine: lineId })),
    services: known.services
      .filter((row) => !row.retired && projectIds.has(row.project) && isNamed('services', serviceKey(row), row.cmdbId))
      .map(({ cmdbId, code, name, project, owner }) => ({
        cmdbId,
        code,
        name,
        project: projectIds.get(project) as string,
        ...(owner !== null && { owner }),
      })),
  };
}

export function projectStateOf(project: Project, updatedAt: Date): ProjectStateData {
  const { slug, code, name, cmdbId, retired, allowsUnregistered, lineCode, lineName } = project;
  const businessLine = { code: lineCode, name: lineName };
  return { slug, code, name, businessLine, cmdbId, retired, allowsUnregistered, updatedAt: updatedAt.toISOString() };
}

export function serviceStateOf(service: Service, updatedAt: Date): CatalogServiceStateData {
  return { ...service, updatedAt: updatedAt.toISOString() };
}

/** The line of a project of a delta may be one that the delta takes away: then it keeps what it had of it. */
function projectsOf(
  known: Catalogue,
  snapshot: Snapshot,
  lines: readonly Line[],
  source: string,
  takenSlugs: ReadonlySet<string>,
): Project[] {
  const lineById = new Map([...known.lines, ...lines].map((line) => [line.cmdbId, line]));
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
function rejectedIn({ rejected, lines, projects, services }: Snapshot) {
  const good = { businessLine: lines, project: projects, service: services };
  return (kind: keyof typeof good) => {
    const ids = new Set(rejected.filter((row) => row.kind === kind).map(({ cmdbId }) => cmdbId));
    for (const { cmdbId } of good[kind]) ids.delete(cmdbId);
    return ({ cmdbId }: { cmdbId: string }) => ids.has(cmdbId);
  };
}

type NameOf<Row> = (before: Row, after: Row) => 'update' | 'rename' | 'move';

const isRenamed = (a: { code: string; name: string }, b: { code: string; name: string }) =>
  a.code !== b.code || a.name !== b.name;
const lineChange: NameOf<Line> = (before, after) => (isRenamed(before, after) ? 'rename' : 'update');
const projectChange: NameOf<Project> = (before, after) => {
  if (before.lineId !== after.lineId) return 'move';
  return isRenamed(before, after) ? 'rename' : 'update';
};
const serviceChange: NameOf<Service> = (before, after) => {
  if (before.project !== after.project) return 'move';
  return isRenamed(before, after) ? 'rename' : 'update';
};

/** Rows are known by their CMDB id; the key is where they stand. A key that the row left is missing, with where it went. */
function compare<Row extends { retired: boolean; cmdbId: string }>(
  known: readonly Row[],
  wanted: readonly Row[],
  keyOf: (row: Row) => string,
  nameOf: NameOf<Row>,
  isRejected: (row: Row) => boolean,
): Changes<Row> {
  const byKey = new Map(known.map((row) => [keyOf(row), row]));
  const activeById = new Map(known.filter((row) => !row.retired).map((row) => [row.cmdbId, row]));
  const wantedKeys = new Set(wanted.map(keyOf));
  const nowAt = new Map<string, string>();
  const changes: Change<Row>[] = [];
  let unchanged = 0;
  for (const after of wanted) {
    const key = keyOf(after);
    const here = byKey.get(key);
    const active = activeById.get(after.cmdbId);
    if (active && keyOf(active) !== key && here?.cmdbId !== after.cmdbId) {
      nowAt.set(keyOf(active), key);
      changes.push({ change: nameOf(active, after), before: active, after });
    } else if (!here) changes.push({ change: 'create', before: null, after });
    else if (here.retired) changes.push({ change: 'restore', before: here, after });
    else if (isDeepStrictEqual(here, after)) unchanged += 1;
    else changes.push({ change: nameOf(here, after), before: here, after });
  }
  const missing = known
    .filter((row) => !row.retired && !wantedKeys.has(keyOf(row)) && !isRejected(row))
    .map((row) => ({ row, nowAt: nowAt.get(keyOf(row)) ?? null }));
  return { changes, missing, unchanged };
}
