import { problemOf, routes, statusOf, type Route } from '@berth/api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { changes } from './answers/changes.js';
import { cmdb } from './answers/cmdb.js';
import { streamLog } from './answers/logs.js';
import { measured } from './answers/metrics.js';
import { operationAnswers } from './answers/operations.js';
import { platform, startLoggedOut } from './answers/platform.js';
import { serviceReads } from './answers/services.js';
import { workbench } from './answers/workbench.js';
import { hint, openFeed, refuse, Refusal, type Answers, type Call } from './call.js';
import { uuid } from './data/basics.js';
import { fill, services } from './data/services.js';
import * as faces from './faces.js';

/** One row of the route table is answered in one of these. */
const answers: Answers = {
  ...platform,
  ...operationAnswers,
  ...workbench,
  ...serviceReads,
  ...measured,
  ...changes,
  ...cmdb,
};

const table = Object.values(routes as Record<string, Route>).map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/:\w+/g, '([^/]+)')}$`),
  names: [...route.path.matchAll(/:(\w+)/g)].map((match) => String(match[1])),
}));

const slowMs = 6000;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fixture');
  const found = table.find((row) => row.route.method === request.method && row.pattern.test(url.pathname));
  const face = faces.faceOf(request);
  if (!found) return send(response, problemOf('not_found', { what: url.pathname }));
  const { route } = found;
  if (route.id === 'feed') return face === 'stale' ? void response.writeHead(503).end() : openFeed(response);
  if (route.id === 'readLogs') return streamLog(response, url.searchParams);
  const values = found.pattern.exec(url.pathname)?.slice(1) ?? [];
  const params = Object.fromEntries(found.names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body = text ? (JSON.parse(text) as unknown as Record<string, unknown>) : {};
  if (face === 'slow' && route.id !== 'getSession') await new Promise((resolve) => setTimeout(resolve, slowMs));
  try {
    if (faces.isRefused(face, route, request.url ?? '')) refuse('service_unavailable', { service: route.owner });
    const call: Call = { route, params, query: url.searchParams, body, ifMatch: request.headers['if-match'] };
    const said = answers[route.id]?.(call) ?? (answers[route.id] ? null : refuse('not_found', { what: route.id }));
    if (route.id === 'getService') response.setHeader('etag', '"5"');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.statusCode = route.kind === 'command' ? 202 : 200;
    response.end(JSON.stringify(faces.isEmptied(face, route) ? faces.emptied(said) : said));
  } catch (error) {
    send(response, error instanceof Refusal ? error.problem : problemOf('internal', { correlationId: String(error) }));
  }
}

function send(response: ServerResponse, problem: ReturnType<typeof problemOf>): void {
  const headers = { 'content-type': 'application/problem+json; charset=utf-8', 'x-correlation-id': uuid() };
  response.writeHead(statusOf(problem), headers).end(JSON.stringify(problem));
}

/** `/fixture/burst?perSecond=1000&seconds=10`: so many changes of services come over the feed. */
function burst(url: URL): void {
  const perSecond = Number(url.searchParams.get('perSecond') ?? 1000);
  const untilMs = Date.now() + Number(url.searchParams.get('seconds') ?? 10) * 1000;
  const keys = [...services.keys()];
  let next = 0;
  const timer = setInterval(() => {
    if (Date.now() > untilMs) return clearInterval(timer);
    for (let sent = 0; sent < perSecond / 50; sent += 1) hint('service', keys[(next += 1) % keys.length] ?? '');
  }, 20);
}

/**
 * Answers the whole API from memory, in `vite` and `vite preview`. Modes: `fixture`; `fixture-login` starts logged out;
 * `fixture-company` has 900 services with 3,700 containers, `fixture-large` 4,000 services.
 */
export function fixtureApi(mode: string): Plugin {
  if (mode === 'fixture-login') startLoggedOut();
  fill(mode === 'fixture-large' ? 4000 : mode === 'fixture-company' ? 900 : 60);
  const middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    const chosen = faces.faceNamed(url.searchParams.get('fixture'));
    if (chosen) response.setHeader('set-cookie', faces.chooseFace(chosen));
    if (chosen) faces.begin();
    if (url.pathname.startsWith('/api/')) return void answer(request, response);
    if (url.pathname !== '/fixture/burst') return next();
    burst(url);
    response.end('ok');
  };
  return {
    name: 'berth-fixture-api',
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => void server.middlewares.use(middleware),
  };
}
