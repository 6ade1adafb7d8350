import { InjectConfig } from '@berth/platform/bootstrap';
import { DeadLetters, messageControllers } from '@berth/platform/bus';
import { Clock } from '@berth/platform/clock';
import { HttpDrain } from '@berth/platform/http';
import { IdentitySigner } from '@berth/platform/identity';
import { Logger } from '@berth/platform/log';
import { Outbox } from '@berth/platform/outbox';
import { Database } from '@berth/platform/postgres';
import { Redis } from '@berth/platform/redis';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from './config.js';
import { AuditStore } from './audit/audit.store.pg.js';
import { FeedMessages } from './feed/feed.messages.controller.js';
import { FeedStore } from './feed/feed.store.pg.js';
import { buildGateway, type Gateway } from './gateway.js';
import { MemberStore } from './members/members.store.pg.js';
import { OperationMessages } from './operations/operations.messages.controller.js';
import { OperationService } from './operations/operations.service.js';
import { OperationStore } from './operations/operations.store.pg.js';
import { ProjectMessages } from './projects/projects.messages.controller.js';
import { ProjectStore } from './projects/projects.store.pg.js';
import { SampleMessages } from './samples/samples.messages.controller.js';
import { SampleAccounts } from './samples/samples.service.js';
import { SampleStore } from './samples/samples.store.pg.js';
import { SessionStore } from './session/session.store.pg.js';
import { TokenStore } from './session/token.store.pg.js';

@Module({
  controllers: messageControllers<'gateway'>()(OperationMessages, FeedMessages, ProjectMessages, SampleMessages),
  providers: [
    { provide: ProjectStore, useFactory: () => new ProjectStore() },
    { provide: FeedStore, useFactory: () => new FeedStore() },
    {
      provide: SampleAccounts,
      inject: [Clock],
      useFactory: (clock: Clock) =>
        new SampleAccounts({
          ...{ samples: new SampleStore(), members: new MemberStore(), sessions: new SessionStore() },
          ...{ tokens: new TokenStore(), audit: new AuditStore(() => undefined), clock },
        }),
    },
    {
      provide: OperationService,
      inject: [Database, FeedStore, Clock, Logger],
      useFactory: (database: Database, feed: FeedStore, clock: Clock, log: Logger) =>
        new OperationService(database, new OperationStore(), feed, clock, log),
    },
  ],
})
export class AppModule implements OnModuleInit, OnModuleDestroy {
  private readonly gateway: Gateway;

  constructor(
    private readonly http: HttpAdapterHost,
    @InjectConfig() config: GatewayConfig,
    database: Database,
    outbox: Outbox,
    @Inject(Redis) redis: Redis | null,
    signer: IdentitySigner,
    drain: HttpDrain,
    clock: Clock,
    log: Logger,
    feed: FeedStore,
    projects: ProjectStore,
    operations: OperationService,
    deadLetters: DeadLetters,
  ) {
    const given = { config, database, outbox, redis, signer, drain, clock, log };
    this.gateway = buildGateway({ ...given, feed, projects, operations, deadLetters });
  }

  /** Nest has its own routes by now and does not listen yet. */
  async onModuleInit(): Promise<void> {
    this.gateway.register(this.http.httpAdapter.getInstance<FastifyInstance>());
    await this.gateway.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.gateway.stop();
  }
}
