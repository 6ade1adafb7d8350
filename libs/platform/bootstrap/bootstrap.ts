import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { BusProducer, BusServer } from '../bus/index.js';
import { describeConfig } from '../config/index.js';
import { DatabaseUnavailable, messageOf } from '../errors/index.js';
import { addProbes, checkRoutesServed, createHttpApp, HttpDrain, servedRoutes } from '../http/index.js';
import { createLogger, Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import { OutboxRelay } from '../outbox/index.js';
import { Database, migrate } from '../postgres/index.js';
import { Redis } from '../redis/index.js';
import { platformMigrations } from './platform-migrations.js';
import { PlatformModule, type ServiceDefinition } from './platform.module.js';

/** A service that runs, for specs; a real one ends by signal. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  /** Where it listens, e.g. `http://127.0.0.1:4101`. */
  readonly url: string;
  stop(): Promise<void>;
}

class Root {}

const drainMs = 10_000;

/**
 * Starts a service: migrate, listen, consume, ready. Dependencies may be away at the start; it waits for them. On SIGTERM
 * or SIGINT it becomes not ready, stops consuming and its loops, lets requests end, and closes. What keeps it from
 * starting for good (configuration, a missing handler or route) is logged and ends the process with 1.
 */
export async function bootstrap(definition: ServiceDefinition): Promise<RunningService> {
  const { service, config } = definition;
  const log = createLogger({ service, instance: config.BERTH_INSTANCE, level: config.BERTH_LOG_LEVEL });
  try {
    log.info('Starting', { config: describeConfig(config) });
    await migrateWhenPossible(definition, log);
    const running = await start(definition, log);
    endOnSignal(running, log);
    return running;
  } catch (error) {
    log.error('The service cannot start', { err: error });
    await delay(50);
    process.exit(1);
  }
}

async function migrateWhenPossible({ config, migrations }: ServiceDefinition, log: Logger): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await migrate(config.BERTH_POSTGRES_URL, [...platformMigrations, ...migrations], log);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      if (tries === 0) log.warn('Waiting for the database', { reason: messageOf(error) });
      await delay(1_000);
    }
  }
}

async function start(definition: ServiceDefinition, log: Logger): Promise<RunningService> {
  const { service, config, bodyLimitBytes } = definition;
  const drain = new HttpDrain();
  const root = { module: Root, imports: [PlatformModule.forService(definition, { drain, log }), definition.module] };
  const app = await createHttpApp(root, { service, log, drain, ...(bodyLimitBytes && { bodyLimitBytes }) });
  if (!definition.walksTable) checkRoutesServed(service, servedRoutes(app));
  const bus = app.get(BusServer);
  const state = { ready: false };
  addProbes(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, {
    started: () => {
      if (!state.ready) throw new Error(drain.signal.aborted ? 'it stops' : 'it starts');
    },
    database: () => app.get(Database).ping(),
    bus: () => {
      if (!bus.isHealthy()) throw new Error('the consumer has not joined, or does not move');
    },
  });
  metrics.collectProcess();
  await app.listen(config.BERTH_HTTP_PORT, config.BERTH_HTTP_HOST);
  const messages = app.connectMicroservice<object>({ strategy: bus }, { inheritAppConfig: false });
  await messages.listen();
  await app.get(OutboxRelay).start();
  state.ready = true;
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  log.info('Ready', { url });
  let stopping: Promise<void> | undefined;
  return { app, url, stop: () => (stopping ??= stop(app, state, drain, log)) };
}

async function stop(
  app: NestFastifyApplication,
  state: { ready: boolean },
  drain: HttpDrain,
  log: Logger,
): Promise<void> {
  log.info('Stopping');
  state.ready = false;
  // Not by Nest's close of the microservice, which would already end the features.
  await app.get(BusServer).close();
  await drain.drain(drainMs);
  // Loops of features end in their onModuleDestroy, with the database still there.
  await app.close();
  await app.get(OutboxRelay).stop();
  await app.get(BusProducer).close();
  app.get<Redis | null>(Redis)?.disconnect();
  await app.get(Database).close();
  log.info('Stopped');
}

function endOnSignal(running: RunningService, log: Logger): void {
  const end = (signal: string) => {
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('Stopping failed', { err: error, signal });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
