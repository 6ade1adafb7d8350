import { routeTable } from '@berth/api';
import { catalogue, scaleService, rowsConsumedBy, type DataOf, type HandlersFor, type Message } from '@berth/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Inject, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { eventually, testBus, testDatabase, testIdentityKeys, type TestBus, type TestDatabase } from '@berth/testing';
import { effectsOf, effectTable, scaleCommand } from '../bus/consumer.rig.js';
import { BusServer, DeadLetters, Handles, messageControllers } from '../bus/index.js';
import { Clock, SystemClock } from '../clock/index.js';
import { platformConfig, readConfig } from '../config/index.js';
import { InvalidMessage } from '../errors/index.js';
import { Leases } from '../lease/index.js';
import { currentContext, Logger, silentLogger } from '../log/index.js';
import { Outbox } from '../outbox/index.js';
import { Database, type Tx } from '../postgres/index.js';
import { bootstrap, InjectConfig } from './index.js';

let bus: TestBus;
let db: TestDatabase;

beforeAll(async () => {
  bus = await testBus(rowsConsumedBy('cluster-mgr').map(({ stream }) => stream.name));
  db = await testDatabase('cluster-mgr');
  await db.database.query(effectTable);
}, 30_000);
afterAll(async () => {
  await bus.close();
  await db.close();
});

const config = (database: string) =>
  readConfig(platformConfig, {
    BERTH_HTTP_PORT: '0',
    BERTH_INSTANCE: 'codeflow-1',
    BERTH_POSTGRES_URL: database,
    BERTH_KAFKA_BROKERS: bus.kafka.brokers.join(','),
    BERTH_KAFKA_USERNAME: bus.kafka.username,
    BERTH_KAFKA_PASSWORD: bus.kafka.password,
    BERTH_KAFKA_MECHANISM: bus.kafka.mechanism,
    BERTH_KAFKA_PREFIX: bus.kafka.prefix,
    BERTH_IDENTITY_PUBLIC_KEY: testIdentityKeys().publicKey,
    BERTH_LOG_LEVEL: 'silent',
  });

describe('a service', () => {
  const events: string[] = [];

  @Injectable()
  class Feature implements OnModuleDestroy {
    constructor(
      readonly database: Database,
      readonly outbox: Outbox,
      readonly leases: Leases,
      readonly deadLetters: DeadLetters,
      readonly clock: Clock,
      readonly log: Logger,
      @InjectConfig() readonly settings: { BERTH_INSTANCE: string },
    ) {
      events.push(`made for ${settings.BERTH_INSTANCE}`);
    }

    async onModuleDestroy(): Promise<void> {
      await this.database.ping();
      events.push('stopped with its database');
    }
  }

  @Module({ providers: [Feature] })
  class FeatureModule {}

  test('migrates, listens, gets ready, has the platform to inject, and stops in order', async () => {
    expect(routeTable.filter(({ owner }) => owner === 'codeflow')).toEqual([]);
    const own = await testDatabase('codeflow');
    const running = await bootstrap({
      service: 'codeflow',
      module: FeatureModule,
      migrations: [],
      config: config(own.url),
    });
    await eventually(async () => expect((await fetch(`${running.url}/readyz`)).status).toBe(200), 10_000);
    expect((await fetch(`${running.url}/livez`)).status).toBe(200);
    expect(await (await fetch(`${running.url}/metrics`)).text()).toContain('berth_outbox_rows 0');
    await Promise.all([running.stop(), running.stop()]);
    expect(events).toEqual(['made for codeflow-1', 'stopped with its database']);
    await expect(fetch(`${running.url}/livez`)).rejects.toThrow();
    await own.close();
  }, 60_000);
});

describe('handlers in Nest controllers', () => {
  const seen: unknown[] = [];
  let refuseNext: Error | undefined;
  const DATABASE_NAME = Symbol('name of the table');

  @Controller()
  class PlacementMessages {
    constructor(@Inject(DATABASE_NAME) private readonly table: string) {}

    @Handles(scaleService)
    async scaleService({ envelope, data }: Message<DataOf<typeof scaleService>>, tx: Tx): Promise<void> {
      if (refuseNext) throw refuseNext;
      seen.push([data.replicas, currentContext()?.correlationId, currentContext()?.operationId]);
      await tx.query(`insert into ${this.table} (key, sequence) values ($1, $2)`, [
        envelope.subject,
        envelope.sequence,
      ]);
    }
  }

  /** The other messages of cluster-mgr, which this spec does not send. */
  class Others {}
  for (const row of rowsConsumedBy('cluster-mgr').filter((one) => one !== (scaleService as never))) {
    const name = nameOf(row.type);
    const handler = { value: () => Promise.resolve(), configurable: true, writable: true, enumerable: false };
    Object.defineProperty(Others.prototype, name, handler);
    Handles(row)(Others.prototype, name, handler as never);
  }
  Controller()(Others);

  test('get the message and the transaction, in the context of the message; what they throw reaches the bus as it is', async () => {
    const log = silentLogger();
    const outbox = new Outbox('cluster-mgr', new SystemClock(), () => undefined);
    const server = new BusServer({
      service: 'cluster-mgr',
      kafka: bus.kafka,
      database: db.database,
      outbox,
      log,
      onDead: () => undefined,
    });
    const controllers = messageControllers<'cluster-mgr'>()(
      PlacementMessages,
      Others as new () => Omit<HandlersFor<'cluster-mgr', Tx>, 'scaleService'>,
    );
    class Root {}
    const module = { module: Root, controllers, providers: [{ provide: DATABASE_NAME, useValue: 'effect' }] };
    const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
    await app.init();
    // As in `bootstrap`: the bus joins an application that is initialised already.
    await app.connectMicroservice<object>({ strategy: server }, { inheritAppConfig: false }).listen();

    const operationId = '22222222-2222-4222-8222-222222222222';
    await bus.send(scaleService.stream.name, [scaleCommand('shop/prod/nest', 1, operationId)]);
    await eventually(async () => expect(await effectsOf(db, 'shop/prod/nest')).toEqual([1]), 30_000);
    expect(seen).toEqual([[1, 'spec', operationId]]);

    refuseNext = new InvalidMessage('as it is');
    await bus.send(scaleService.stream.name, [scaleCommand('shop/prod/nest', 2)]);
    const letters = new DeadLetters({
      service: 'cluster-mgr',
      database: db.database,
      outbox,
      wakeRetries: () => undefined,
    });
    const open = () => letters.list({ state: 'open', limit: 1 });
    await eventually(async () => expect(await open()).toMatchObject([{ reason: 'as it is', attempts: 1 }]), 10_000);
    await app.close();
  }, 60_000);

  test('a service with a message that nobody handles does not start', async () => {
    const server = new BusServer({
      service: 'cluster-mgr',
      kafka: bus.kafka,
      database: db.database,
      outbox: new Outbox('cluster-mgr', new SystemClock(), () => undefined),
      log: silentLogger(),
      onDead: () => undefined,
    });
    class Root {}
    const module = {
      module: Root,
      controllers: [PlacementMessages],
      providers: [{ provide: DATABASE_NAME, useValue: 'effect' }],
    };
    const app = await NestFactory.createMicroservice(module, { strategy: server, logger: false });
    await expect(app.listen()).rejects.toThrow('no @Handles method for');
    await app.close();
  });
});

function nameOf(type: string): string {
  return Object.entries(catalogue).find(([, row]) => row.type === type)?.[0] ?? type;
}
