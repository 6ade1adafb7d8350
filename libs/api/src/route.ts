import { isPlainText, type MessageRow, type OperationKind, type ServiceName } from '@berth/contracts';
import { z } from 'zod';
import type { Permission } from './rights.js';

/**
 * A row of the route table: the one place that says what an address takes, answers, and asks for. The gateway routes and
 * checks rights by it, the owner parses and guards by it, OpenAPI and the rights matrix are generated from it.
 *
 * - `local`: the gateway answers itself.
 * - `read`: the gateway checks the right, signs an identity and passes the request on to the owner.
 * - `direct`: like `read`, but it changes something at the owner at once (secrets, credentials, a CMDB push, a check that
 *   takes a body) and leaves an audit row when `audited`.
 * - `command`: the gateway opens an operation and sends the command; `preflight` asks the owner first, so that what can be
 *   refused is refused before acceptance. The preflight's answer becomes part of the command's data.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly kind: 'local' | 'read' | 'direct' | 'command';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:name` parameters. A route with `:project` is scoped to it, with `:environment` to both. */
  readonly path: string;
  readonly owner: ServiceName;
  /** `public` needs no session. */
  readonly permission: Permission | 'public';
  /** `set`: a list over many scopes; the identity carries all scopes in which the caller has the permission. */
  readonly scope: 'none' | 'url' | 'set';
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
  /** Answers with a stream of this type instead of one JSON body. */
  readonly streams?: 'text/event-stream' | 'application/x-ndjson';
  readonly audited?: boolean;
  readonly command?: CommandBinding;
  /** The change is refused without `If-Match`. */
  readonly ifMatch?: boolean;
}

export interface CommandBinding {
  readonly row: MessageRow;
  readonly operation: OperationKind;
  /** True when the owner must be asked first, at `POST <path>:preflight`-less internal address `/internal/preflight/<route id>`. */
  readonly preflight: boolean;
}

const none = z.strictObject({});

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** Refuses text that no table and no container could hold, wherever it stands; the issue names the field. */
function plain<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.superRefine((value, context) => {
    for (const path of unkeepable(value, []))
      context.addIssue({ code: 'custom', path, message: 'Text without NUL and with whole characters only.' });
  });
}

function unkeepable(value: unknown, at: readonly (string | number)[]): (string | number)[][] {
  if (typeof value === 'string') return isPlainText(value) ? [] : [[...at]];
  if (Array.isArray(value)) return value.flatMap((entry, index) => unkeepable(entry, [...at, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [
    ...(isPlainText(name) ? [] : [[...at]]),
    ...unkeepable(field, [...at, name]),
  ]);
}

/** Fills in what most routes leave out: no params, no query, no body. What comes in must be text that can be kept. */
export function defineRoute<
  P extends z.ZodType = typeof none,
  Q extends z.ZodType = typeof none,
  B extends z.ZodType = typeof none,
  R extends z.ZodType = z.ZodType,
>(route: Optional<Route<P, Q, B, R>, 'params' | 'query' | 'body'>): Route<P, Q, B, R> {
  return Object.freeze({
    ...route,
    params: plain(route.params ?? (none as unknown as P)),
    query: plain(route.query ?? (none as unknown as Q)),
    body: plain(route.body ?? (none as unknown as B)),
  });
}

/** Parsed parts of a request. */
export interface InputOf<R extends Route> {
  readonly params: z.output<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: z.output<R['body']>;
}
export type ResponseOf<R extends Route> = z.output<R['response']>;

/** The path of a route with its parameters filled in, each percent-encoded. */
export function pathTo(route: Pick<Route, 'path'>, params: Readonly<Record<string, string | number>> = {}): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`the path ${route.path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
}
