import type { Route } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import type { FastifyRequest } from 'fastify';
import { fieldErrors } from './problems.js';

/** The parts of a request by the schemas of its route; unknown fields are refused. @throws ProblemError `bad_request` */
export function parseInput(route: Route, request: Pick<FastifyRequest, 'params' | 'query' | 'body'>) {
  const params = route.params.safeParse(request.params ?? {});
  const query = route.query.safeParse(request.query ?? {});
  // A request without a body is as good as one with an empty object.
  const body = route.body.safeParse(request.body ?? {});
  if (params.success && query.success && body.success)
    return { params: params.data, query: query.data, body: body.data };
  const errors = [
    ...fieldErrors(params.error?.issues ?? [], 'params.'),
    ...fieldErrors(query.error?.issues ?? [], 'query.'),
    ...fieldErrors(body.error?.issues ?? [], ''),
  ];
  throw refuse('bad_request', {}, { errors: errors.slice(0, 100) });
}

/** What a request is about, for the audit log, from whatever parts of it are readable. */
export function targetOf(route: Route, request: Pick<FastifyRequest, 'params' | 'body'>): string {
  const text = (part: unknown, name: string) => {
    const value =
      typeof part === 'object' && part !== null && name in part ? (part as Record<string, unknown>)[name] : '';
    return typeof value === 'string' ? value.slice(0, 100) : '';
  };
  const { params, body } = request;
  const path = [
    text(params, 'project'),
    text(params, 'environment'),
    text(params, 'service') || text(body, 'code'),
    text(params, 'name'),
  ];
  if (path[0]) return path.filter(Boolean).join('/');
  if (text(params, 'owner')) return `${text(params, 'owner')}/${text(params, 'id')}`;
  const named = text(params, 'cluster') || text(params, 'id') || text(body, 'name') || text(body, 'username');
  return named || route.id;
}
