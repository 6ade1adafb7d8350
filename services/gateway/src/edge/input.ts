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
