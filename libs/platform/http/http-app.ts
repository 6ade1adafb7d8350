import { missing, problemOf } from '@berth/api';
import type { ServiceName } from '@berth/contracts';
import type { Type, DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { NestLogger, type Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import { addCorrelation } from './correlation.js';
import type { HttpDrain } from './drain.js';
import { ProblemFilter, sendProblem } from './problem.filter.js';

export interface HttpOptions {
  readonly service: ServiceName;
  readonly log: Logger;
  readonly drain: HttpDrain;
  /** 1 MiB unless given. */
  readonly bodyLimitBytes?: number;
}

const defaultBodyLimitBytes = 1_048_576;

/** A Nest application on Fastify with our errors, ids, logs and metrics. It does not listen yet. */
export async function createHttpApp(
  root: Type | DynamicModule,
  { service, log, drain, bodyLimitBytes = defaultBodyLimitBytes }: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    return503OnClosing: false,
    // An address that cannot be decoded comes before any hook or route.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, problemOf('not_found', missing('address'))),
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  const methods = new RouteMethods();
  server.addHook('onRoute', ({ method, url }) => methods.add(url, [method].flat()));
  addCorrelation(server);
  drain.attach(server);
  addRequestLog(server, log);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(log),
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ProblemFilter(service, log, (path) => methods.of(path), bodyLimitBytes));
  return app;
}

/** One line a request, with its route and not its address: queries may hold what must not be in a log. */
function addRequestLog(server: FastifyInstance, log: Logger): void {
  const seconds = metrics.histogram('berth_http_seconds', 'Requests', ['method', 'route', 'status']);
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const tookMs = reply.elapsedTime;
    seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, tookMs / 1_000);
    const isProbe = route === '/livez' || route === '/readyz' || route === '/metrics';
    log[isProbe ? 'debug' : 'info']('Request', {
      method: request.method,
      route,
      status: reply.statusCode,
      tookMs: Math.round(tookMs),
    });
    done();
  });
}

/** Which methods an address takes, for 405. */
class RouteMethods {
  private readonly routes: { pattern: RegExp; methods: readonly string[] }[] = [];

  add(url: string, methods: readonly string[]): void {
    if (url.includes('*')) return;
    const source = url
      .split('/')
      .map((segment) => (/^:\w+$/.test(segment) ? '[^/]+' : escaped(segment)))
      .join('/');
    this.routes.push({ pattern: new RegExp(`^${source}$`), methods });
  }

  of(path: string): string[] {
    return [...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
