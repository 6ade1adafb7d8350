import { routeTable, type InputOf, type Route } from '@berth/api';
import { ProblemError } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { Readable } from 'node:stream';
import type { CommandService } from '../commands/command.service.js';
import { readIdempotencyKey, readIfMatch, readWaitMs } from '../commands/request.js';
import { readLastEventId } from '../feed/feed.js';
import type { FeedService } from '../feed/feed.service.js';
import { abandoned, type Forwarder } from '../forward/forwarder.js';
import { apiPolicy, securityHeaders, stayWithTls } from './headers.js';
import type { DirectAudit } from './direct-audit.js';
import type { Guard } from './guard.js';
import { parseInput } from './input.js';
import { answerProblem } from './problems.js';
import { cutOffWhenLost } from './stream-rights.js';
import type { LocalAnswer, LocalHandlers, PublicVisit, Visit } from './visit.js';

export interface EdgeParts {
  readonly guard: Guard;
  readonly local: LocalHandlers;
  readonly forwarder: Forwarder;
  readonly directAudit: DirectAudit;
  readonly commands: CommandService;
  readonly feed: FeedService;
  readonly log: Logger;
  /** The portal is behind TLS. */
  readonly secure: boolean;
}

const mebibyte = 1_048_576;
type AnyHandler = (input: InputOf<Route>, visit: Visit | PublicVisit) => Promise<LocalAnswer<unknown>>;

/** Serves every row of the route table, by its kind. */
export function registerEdge(server: FastifyInstance, parts: EdgeParts): void {
  void server.register(async (edge) => {
    edge.addHook('onRequest', (_request, reply, done) => {
      void reply.headers({ ...securityHeaders, 'content-security-policy': apiPolicy, 'cache-control': 'no-store' });
      if (parts.secure) void reply.header('strict-transport-security', stayWithTls);
      done();
    });
    edge.setErrorHandler((error, _request, reply) => answerProblem(reply, error, parts.log));
    const isForwarded = ({ kind }: Route) => kind === 'read' || kind === 'direct';
    /** A change is read before it goes on, because the audit log tells its object and cause. A push is too large for that. */
    const isRead = (route: Route) => route.kind === 'direct' && !isPush(route);
    await edge.register(async (parsed) => {
      readJson(parsed);
      for (const route of routeTable.filter((row) => !isForwarded(row))) add(parsed, route, handlerOf(route, parts));
    });
    await edge.register(async (changes) => {
      changes.removeAllContentTypeParsers();
      changes.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      for (const route of routeTable.filter(isRead)) add(changes, route, forward(route, parts));
    });
    await edge.register(async (passed) => {
      passed.removeAllContentTypeParsers();
      // The body goes on to the owner as it comes.
      passed.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      for (const route of routeTable.filter((row) => isForwarded(row) && !isRead(row)))
        add(passed, route, forward(route, parts));
    });
  });
}

function add(server: FastifyInstance, route: Route, handler: RouteHandlerMethod): void {
  server.route({ method: route.method, url: route.path, handler, bodyLimit: mebibyte, exposeHeadRoute: false });
}

function readJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    // Clients that always send the header send no body with a DELETE.
    body === '' ? done(null, undefined) : void parse(request, body as string, done),
  );
}

function handlerOf(route: Route, parts: EdgeParts): RouteHandlerMethod {
  if (route.kind === 'command') return command(route, parts);
  if (route.id === 'feed') return feed(route, parts);
  const handler = (parts.local as unknown as Readonly<Record<string, AnyHandler | undefined>>)[route.id];
  if (!handler) throw new TypeError(`the route ${route.id} is not served`);
  return local(route, handler, parts);
}

function local(route: Route, handler: AnyHandler, { guard, log }: EdgeParts): RouteHandlerMethod {
  return async (request, reply) => {
    const answer =
      route.permission === 'public'
        ? await handler(parseInput(route, request), guard.openVisit(route, request))
        : await guard.enter(route, request, (visit) => handler(parseInput(route, request), visit));
    if (answer.body instanceof Readable) cutOffWhenLost(answer.body, () => guard.stillMay(route, request), log);
    return answerWith(reply, answer);
  };
}

function answerWith(reply: FastifyReply, { body, status = 200, headers = {} }: LocalAnswer<unknown>): FastifyReply {
  void reply.status(status).headers(headers);
  if (status === 204) return reply.send();
  if (typeof body === 'string' || body instanceof Readable) return reply.send(body);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function feed(route: Route, { guard, feed }: EdgeParts): RouteHandlerMethod {
  return async (request, reply) => {
    const lastEventId = request.headers['last-event-id'];
    const seen = readLastEventId(typeof lastEventId === 'string' ? lastEventId : undefined);
    const stream = await guard.enter(route, request, ({ sessionToken }) => feed.open(sessionToken ?? '', seen));
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
  };
}

/** A snapshot has every row of the CMDB. */
function isPush({ id }: Route): boolean {
  return ['pushCmdb', 'pushCmdbDelta', 'tryCmdbPush'].includes(id);
}

function forward(route: Route, { guard, forwarder, directAudit, log }: EdgeParts): RouteHandlerMethod {
  const limitBytes = isPush(route) ? 64 * mebibyte : mebibyte;
  return async (request, reply) => {
    const passed = await guard.enter(route, request, (visit) => {
      const pass = () => forwarder.forward(visit, request, reply, limitBytes);
      return route.kind === 'direct' && route.audited ? directAudit.around(visit, request, pass) : pass();
    });
    if (passed.body instanceof Readable) cutOffWhenLost(passed.body, () => guard.stillMay(route, request), log);
    return reply.status(passed.status).headers(passed.headers).send(passed.body);
  };
}

function command(route: Route, { guard, commands }: EdgeParts): RouteHandlerMethod {
  return async (request, reply) => {
    const signal = abandoned(reply);
    const accepted = await guard.enter(route, request, (visit) => {
      const input = parseInput(route, request);
      const params = input.params as Record<string, string>;
      const ifVersion = readIfMatch(route, request.headers['if-match']);
      const idempotencyKey = readIdempotencyKey(headerOf(request, 'idempotency-key'));
      return commands.accept({ ...input, params, ifVersion, idempotencyKey }, visit, signal);
    });
    const { operationId, target } = accepted;
    void reply.header('location', `/api/v1/operations/${operationId}`);
    const waitMs = readWaitMs(headerOf(request, 'prefer'));
    if (waitMs > 0) {
      void reply.header('preference-applied', `wait=${waitMs / 1_000}`);
      const operation = await commands.ended(operationId, waitMs, signal);
      if (operation?.problem && operation.state !== 'succeeded') throw new ProblemError(operation.problem);
      if (operation) return answerWith(reply, { body: operation });
    }
    return answerWith(reply, { status: 202, body: { operationId, target } });
  };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
