import type { FastifyInstance } from 'fastify';
import { messageOf } from '../errors/index.js';
import { metrics } from '../metrics/index.js';

/** Throws or rejects with the reason while the service is not ready for requests. */
export type ReadyCheck = () => Promise<void> | void;

const patienceMs = 2_000;

/**
 * `/livez` answers while the event loop turns, whatever else is broken: a restart would not mend the database. `/readyz`
 * answers 503 with the failed checks. `/metrics` is for Prometheus.
 */
export function addProbes(server: FastifyInstance, checks: Readonly<Record<string, ReadyCheck>>): void {
  server.get('/livez', (_request, reply) => reply.type('text/plain').send('ok\n'));
  server.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const),
    );
    const isReady = results.every(([, result]) => result === 'ok');
    return reply
      .status(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready: isReady, checks: Object.fromEntries(results) });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.text()),
  );
}

async function ask(check: ReadyCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, patienceMs, `no answer within ${patienceMs} ms`);
  });
  const answer = Promise.resolve()
    .then(check)
    .then(() => 'ok', messageOf);
  const result = await Promise.race([answer, patience]);
  clearTimeout(timer);
  return result;
}
