import { PreflightRequest, type Route } from '@berth/api';
import type { Problem } from '@berth/contracts';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { refuse } from '../errors/index.js';

type FieldError = NonNullable<Problem['errors']>[number];

export interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifVersion?: number | null;
}

/** @throws ProblemError bad_request with one row per bad field, over all three parts at once. */
export function parseInput(route: Route, request: Pick<FastifyRequest, 'params' | 'query' | 'body'>): ParsedInput {
  if (route.kind === 'command') return parsePreflight(route, request.body);
  return parseParts(route, request);
}

function parsePreflight(route: Route, body: unknown): ParsedInput {
  const errors: FieldError[] = [];
  const request = parsePart(PreflightRequest, body, '', errors);
  if (!request) throw refuse('bad_request', {}, { errors });
  return { ...parseParts(route, { ...request, query: request.query }), ifVersion: request.ifVersion };
}

function parseParts(route: Route, raw: { params: unknown; query: unknown; body: unknown }): ParsedInput {
  const errors: FieldError[] = [];
  const input = {
    params: parsePart(route.params, raw.params, 'params.', errors),
    query: parsePart(route.query, raw.query, 'query.', errors),
    // A request without a body is as good as one with an empty object.
    body: parsePart(route.body, raw.body ?? {}, '', errors),
  };
  if (errors.length > 0) throw refuse('bad_request', {}, { errors });
  return input;
}

function parsePart<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  prefix: string,
  errors: FieldError[],
): z.output<S> | undefined {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  errors.push(...parsed.error.issues.flatMap((issue) => describe(issue, prefix)));
  return undefined;
}

/** Fields by their path in the body, `query.` or `params.`. What was sent is never quoted: it may be a secret. */
function describe(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: prefix + [...path, key].join('.'),
      code: 'unknown_field',
      message: 'There is no such field.',
    }));
  const params = limitsOf(issue);
  return [
    {
      path: prefix + path.join('.'),
      code: issue.code,
      message: issue.message,
      ...(Object.keys(params).length > 0 && { params }),
    },
  ];
}

function limitsOf(issue: z.core.$ZodIssue): NonNullable<FieldError['params']> {
  const wanted = ['minimum', 'maximum', 'format', 'expected', 'divisor', 'inclusive'] as const;
  const fields = issue as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = fields[name];
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return isPlain ? [[name, value]] : [];
    }),
  );
}
