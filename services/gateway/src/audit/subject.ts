import type { Route, RouteName } from '@berth/api';
import { z } from 'zod';

/** What a change is about and why it is made, as far as its request says it. */
export interface Subject {
  /** Scope path of the object; empty for what is about the caller alone. */
  readonly target: string;
  readonly cause: string | null;
}

/** Parts of a request, parsed or not. A body may be bytes. */
export interface SubjectRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const Fields = z.record(z.string(), z.unknown());
type Fields = z.infer<typeof Fields>;
type Naming = (at: Fields, body: Fields, query: Fields) => string;

const longestPart = 100;
const longestTarget = 500;
const longestCause = 500;

/**
 * Objects that the address alone does not name. Only what is written down here is taken from a body, so that no secret
 * comes into the log.
 */
const namings: Partial<Record<RouteName, Naming>> = {
  deployService: (at, body) => joined(at.project, at.environment, body.code),
  setMember: (at) => joined(at.project, 'members', at.username),
  login: (_, body) => text(body.username),
  createUser: (_, body) => text(body.username) || 'users',
  createToken: (_, body) => text(body.name) || 'tokens',
  createOwnToken: (_, body) => text(body.name),
  sealClusterCredential: (_, body) => text(body.name) || 'cluster-credentials',
  registerCluster: (_, body) => text(body.name) || 'clusters',
  exportAudit: () => 'audit',
  verifyAudit: () => 'audit',
  pushCmdb: (_, body, query) => pushed(body, query.dryRun === 'true'),
  pushCmdbDelta: (_, body, query) => pushed(body, query.dryRun === 'true'),
  tryCmdbPush: (_, body, query) => pushed(body, query.dryRun !== 'false'),
  decideCmdbApproval: (at, body) => joined('cmdb/pushes', at.push, body.decision),
  decideCmdbVanished: (_, body) =>
    joined('cmdb/vanished', body.decision) +
    (Array.isArray(body.ids) ? `/${body.ids.map((id) => text(id)).join(',')}` : ''),
  setCmdbPayer: (_, body) => joined('cmdb', body.source, body.cmdbId, `payer=${text(body.costCentre)}`),
  setCmdbLink: (_, body) => {
    const to = fieldsOf(body.to);
    return joined('cmdb/mappings', body.project, body.code, `to=${joined(to.source, to.cmdbId)}`);
  },
};

/** The object of a request, and the cause that its caller gave. */
export function subjectOf(route: Pick<Route, 'id' | 'path'>, { params, query, body }: SubjectRequest): Subject {
  const [at, asked, said] = [fieldsOf(params), fieldsOf(query), fieldsOf(body)];
  const naming = namings[route.id as RouteName] ?? ((fields) => joined(...named(route).map((name) => fields[name])));
  const cause = (text(said.cause, longestCause) || text(asked.cause, longestCause)).trim();
  return { target: naming(at, said, asked).slice(0, longestTarget), cause: cause || null };
}

/**
 * Texts and numbers that a JSON object begins with, from as much of it as is there: nothing behind the first list or inner
 * object, so that a row cannot pass for what it is in.
 */
export function headFields(beginning: string): Record<string, unknown> {
  const [, head = ''] = beginning.match(/^\s*\{([^{[]*)/) ?? [];
  const fields = head.matchAll(/"(\w{1,60})"\s*:\s*("(?:[^"\\]|\\.)*"|\d{1,15})\s*(?=[,}])/g);
  return Object.fromEntries([...fields].map(([, name, value]) => [name as string, parseJson(value as string)]));
}

function named({ path }: Pick<Route, 'path'>): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
}

function pushed({ source, version }: Fields, isDryRun: boolean): string {
  return joined('cmdb', text(source) || 'pushes', version, isDryRun ? 'dry-run' : '');
}

function joined(...parts: unknown[]): string {
  return parts
    .map((part) => text(part))
    .filter(Boolean)
    .join('/');
}

function text(value: unknown, longest = longestPart): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, longest) : '';
}

function fieldsOf(part: unknown): Fields {
  const parsed = Fields.safeParse(Buffer.isBuffer(part) ? parseJson(part.toString()) : part);
  return parsed.success ? parsed.data : {};
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}
