import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newTraceparent, traceIdOf, withContext, type WorkContext } from '../log/index.js';

/** Header that names a piece of work through all services, taken over from the caller and always answered. */
export const correlationHeader = 'x-correlation-id';

const contexts = new WeakMap<FastifyRequest, WorkContext>();

/** The correlation id of a request; one is made when the caller gave none, or one that is not fit for a log. */
export function correlationIdOf(request: FastifyRequest): string {
  return contextOf(request).correlationId;
}

/** Gives every request its context. Binds it again after the body was read, because that breaks the chain of calls. */
export function addCorrelation(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header(correlationHeader, correlationIdOf(request));
    withContext(contextOf(request), done);
  });
  server.addHook('preHandler', (request, _reply, done) => {
    withContext(contextOf(request), done);
  });
}

function contextOf(request: FastifyRequest): WorkContext {
  const known = contexts.get(request);
  if (known) return known;
  const given = request.headers[correlationHeader];
  const trace = request.headers['traceparent'];
  const context = {
    correlationId: typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID(),
    traceparent: typeof trace === 'string' && traceIdOf(trace) ? trace : newTraceparent(),
  };
  contexts.set(request, context);
  return context;
}
