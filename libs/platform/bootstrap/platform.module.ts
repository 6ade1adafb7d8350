import type { ServiceName } from '@berth/contracts';
import { Global, Inject, Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BusProducer, BusServer, DeadLetters, type KafkaOptions } from '../bus/index.js';
import { Clock, SystemClock } from '../clock/index.js';
import type { PlatformConfig } from '../config/index.js';
import { deadLettersController } from '../dead-letters/index.js';
import { HttpDrain } from '../http/index.js';
import { IdentitySigner, IdentityVerifier } from '../identity/index.js';
import { Leases } from '../lease/index.js';
import { createLogger, Logger } from '../log/index.js';
import { Outbox, OutboxRelay } from '../outbox/index.js';
import { Database, type Migration } from '../postgres/index.js';
import { createRedis, Redis } from '../redis/index.js';
import { Seal } from '../seal/index.js';

/** All there is to say about a service to start it. */
export interface ServiceDefinition {
  readonly service: ServiceName;
  /** Feature modules; the platform's providers are global. */
  readonly module: Type;
  /** The service's own, after the platform's. */
  readonly migrations: readonly Migration[];
  /** What `readConfig` gave; injected with `@InjectConfig()`. */
  readonly config: PlatformConfig;
  /** Largest request body; 1 MiB unless given. */
  readonly bodyLimitBytes?: number;
  /** True when the service serves every row of the route table by walking it (the gateway), not by `@Serves`. */
  readonly walksTable?: boolean;
}

/** Token of the service's configuration. */
export const CONFIG = Symbol('CONFIG');

/** Injects the service's configuration. */
export const InjectConfig = (): ParameterDecorator & PropertyDecorator => Inject(CONFIG);

/**
 * What every service can inject anywhere: Database, Outbox, Leases, Logger, Clock, Redis (or null), IdentityVerifier,
 * DeadLetters, HttpDrain, the configuration, and Seal and IdentitySigner where their keys are configured.
 */
@Global()
@Module({})
export class PlatformModule {
  /** `ready` are instances that exist before the application does. */
  static forService(definition: ServiceDefinition, ready: ReadyInstances = readyInstances(definition)): DynamicModule {
    const providers = [...basics(definition, ready), ...messaging(definition), ...secrets(definition)];
    return {
      module: PlatformModule,
      imports: [DiscoveryModule],
      // The gateway shows its own dead letters itself, with those of all others.
      controllers: definition.walksTable ? [] : [deadLettersController(definition.service)],
      providers,
      exports: [DiscoveryModule, ...providers.map((provider) => ('provide' in provider ? provider.provide : provider))],
    };
  }
}

interface ReadyInstances {
  readonly log: Logger;
  readonly drain: HttpDrain;
}

function readyInstances({ service, config }: ServiceDefinition): ReadyInstances {
  const { BERTH_INSTANCE: instance, BERTH_LOG_LEVEL: level } = config;
  return { log: createLogger({ service, instance, level }), drain: new HttpDrain() };
}

function basics({ config }: ServiceDefinition, { log, drain }: ReadyInstances): Provider[] {
  const { BERTH_INSTANCE: instance } = config;
  return [
    { provide: CONFIG, useValue: config },
    { provide: Clock, useClass: SystemClock },
    { provide: Logger, useValue: log },
    { provide: HttpDrain, useValue: drain },
    {
      provide: Database,
      inject: [Logger],
      useFactory: (log: Logger) =>
        new Database({ url: config.BERTH_POSTGRES_URL, poolSize: config.BERTH_POSTGRES_POOL, name: instance, log }),
    },
    {
      provide: Redis,
      inject: [Logger],
      useFactory: (log: Logger) => (config.BERTH_REDIS_URL ? createRedis(config.BERTH_REDIS_URL, log) : null),
    },
    {
      provide: Leases,
      inject: [Database, Logger],
      useFactory: (database: Database, log: Logger) => new Leases({ database, instance, log }),
    },
  ];
}

function messaging({ service, config }: ServiceDefinition): Provider[] {
  return [
    {
      provide: BusProducer,
      inject: [Logger],
      useFactory: (log: Logger) => new BusProducer(kafkaOptions(config, log)),
    },
    {
      provide: OutboxRelay,
      inject: [Database, Leases, BusProducer, Logger],
      useFactory: (database: Database, leases: Leases, bus: BusProducer, log: Logger) =>
        new OutboxRelay({ database, leases, bus, log }),
    },
    {
      provide: Outbox,
      inject: [Clock, OutboxRelay],
      useFactory: (clock: Clock, relay: OutboxRelay) => new Outbox(service, clock, () => relay.wake()),
    },
    {
      provide: BusServer,
      inject: [Database, Outbox, Logger],
      useFactory: (database: Database, outbox: Outbox, log: Logger) =>
        new BusServer({
          service,
          kafka: kafkaOptions(config, log),
          database,
          outbox,
          log,
          onDead: () => process.exit(1),
        }),
    },
    {
      provide: DeadLetters,
      inject: [Database, Outbox, BusServer],
      useFactory: (database: Database, outbox: Outbox, bus: BusServer) =>
        new DeadLetters({ service, database, outbox, wakeRetries: () => bus.wakeRetries() }),
    },
  ];
}

/** `Seal` and `IdentitySigner` exist only where their keys are configured; injecting them elsewhere fails at the start. */
function secrets({ service, config }: ServiceDefinition): Provider[] {
  const { BERTH_SEAL_KEY: sealKey, BERTH_IDENTITY_PRIVATE_KEY: privateKey } = config;
  return [
    { provide: IdentityVerifier, useValue: new IdentityVerifier(config.BERTH_IDENTITY_PUBLIC_KEY, service) },
    ...(sealKey ? [{ provide: Seal, useValue: new Seal(sealKey) }] : []),
    ...(privateKey ? [{ provide: IdentitySigner, useValue: new IdentitySigner(privateKey) }] : []),
  ];
}

function kafkaOptions(config: PlatformConfig, log: Logger): KafkaOptions {
  return {
    brokers: config.BERTH_KAFKA_BROKERS,
    clientId: config.BERTH_INSTANCE,
    username: config.BERTH_KAFKA_USERNAME,
    password: config.BERTH_KAFKA_PASSWORD,
    mechanism: config.BERTH_KAFKA_MECHANISM,
    tls: config.BERTH_KAFKA_TLS,
    prefix: config.BERTH_KAFKA_PREFIX,
    log,
  };
}
