import { FakeRegistry } from '@berth/clients/registry';
import {
  catalogue,
  serviceKey,
  type Envelope,
  type MessageName,
  type MessageRow,
  type ServiceSpec,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { silentLogger } from '@berth/platform/log';
import { Outbox } from '@berth/platform/outbox';
import type { Database, Tx } from '@berth/platform/postgres';
import { Seal } from '@berth/platform/seal';
import { testDatabase } from '@berth/testing';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { IpaasConfig } from '../config.js';
import { ImageService } from '../image/image.service.js';
import { migrations } from '../migrations/index.js';
import { ProjectMessages } from '../project/project.messages.controller.js';
import { ProjectService } from '../project/project.service.js';
import { ProjectStore } from '../project/project.store.pg.js';
import { ReleaseMaker } from '../release/release-maker.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { RegistryCredentialService } from '../registry-credential/registry-credential.service.js';
import { RegistryCredentialStore } from '../registry-credential/registry-credential.store.pg.js';
import { SecretService } from '../secret/secret.service.js';
import { SecretStore } from '../secret/secret.store.pg.js';
import { Causes } from '../why/causes.js';
import { WhyStore } from '../why/why.store.pg.js';
import { Announcements } from './announcements.js';
import { CancelService } from './cancel.service.js';
import { ChangeService } from './change.service.js';
import { Conductor } from './conductor.js';
import { LifecycleService } from './lifecycle.service.js';
import { OperationStore } from './operation.store.pg.js';
import { PauseService } from './pause.service.js';
import { PlacementService } from './placement.service.js';
import { PreflightService } from './preflight.service.js';
import { ServiceDetailStore } from './service-detail.store.pg.js';
import { ServiceListStore } from './service-list.store.pg.js';
import { ServiceReadService } from './service-read.service.js';
import { ServiceMessages } from './service.messages.controller.js';
import { ServiceStore } from './service.store.pg.js';
import { SettleLoop } from './settle.loop.js';
import { Settler } from './settler.js';
import { TargetStore } from './target.store.pg.js';

/** A clock that a spec moves. */
export class SpecClock extends Clock {
  private ms = Date.parse('2026-01-01T00:00:00Z');
  now(): Date {
    return new Date(this.ms);
  }
  pass(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

/** What was said, as the relay would send it. Data is null for a tombstone. */
export interface SaidMessage {
  readonly type: string;
  readonly key: string;
  readonly envelope: Envelope;
  readonly data: Record<string, unknown> | null;
}

type Handler = (message: unknown, tx: Tx) => Promise<void>;

/** The core of ipaas on a real database, without bus, clusters and HTTP: messages go to their handlers, the outbox is read back. */
export class Harness {
  readonly clock = new SpecClock();
  readonly registry = new FakeRegistry();
  readonly targets = new TargetStore();
  readonly secrets: SecretService;
  readonly credentials: RegistryCredentialService;
  readonly reads: ServiceReadService;
  readonly preflights: PreflightService;
  readonly images: ImageService;
  readonly loop: SettleLoop;
  private readonly controllers: object[];

  constructor(
    readonly database: Database,
    readonly close: () => Promise<void>,
  ) {
    const config = { BERTH_INSTALLATION_ID: 'spec', BERTH_IMAGE_ARCHITECTURE: 'amd64' } as IpaasConfig;
    const { clock, targets } = this;
    const log = silentLogger();
    const outbox = new Outbox('ipaas', clock, () => undefined);
    const [services, releases, operations] = [new ServiceStore(), new ReleaseStore(), new OperationStore()];
    const [projectStore, secretStore] = [new ProjectStore(), new SecretStore()];
    const projects = new ProjectService(projectStore);
    const seal = new Seal(Buffer.alloc(32, 7).toString('base64'));
    this.secrets = new SecretService(database, secretStore, seal, clock);
    this.credentials = new RegistryCredentialService(database, new RegistryCredentialStore(), seal, clock);
    this.images = new ImageService(this.registry, this.credentials, config, clock);
    const conductor = new Conductor(operations, outbox, clock);
    const announcements = new Announcements(outbox, clock);
    const settler = new Settler(
      services,
      releases,
      targets,
      operations,
      secretStore,
      conductor,
      announcements,
      outbox,
      clock,
    );
    const maker = new ReleaseMaker(releases, config);
    const changes = new ChangeService(
      services,
      operations,
      releases,
      maker,
      this.secrets,
      this.credentials,
      projects,
      conductor,
      settler,
      outbox,
      clock,
    );
    const lifecycle = new LifecycleService(services, operations, releases, targets, conductor, settler, outbox, clock);
    const pauses = new PauseService(services, operations, targets, conductor, settler, clock);
    const placements = new PlacementService(
      services,
      operations,
      releases,
      targets,
      conductor,
      announcements,
      settler,
      clock,
      log,
    );
    const cancels = new CancelService(services, operations, releases, targets, conductor, settler, outbox, clock);
    this.controllers = [
      new ServiceMessages(changes, lifecycle, pauses, cancels, placements),
      new ProjectMessages(projectStore),
    ];
    this.loop = new SettleLoop(database, services, settler, clock, log);
    this.reads = new ServiceReadService(
      database,
      services,
      new ServiceListStore(),
      new ServiceDetailStore(),
      releases,
      operations,
      new Causes(database, new WhyStore(), clock),
      this.images,
      clock,
    );
    this.preflights = new PreflightService(
      database,
      services,
      releases,
      targets,
      operations,
      projects,
      this.secrets,
      this.images,
    );
  }

  static async start(): Promise<Harness> {
    const at = await testDatabase('ipaas', migrations);
    return new Harness(at.database, () => at.close());
  }

  /** Handles one message in its transaction; a command's operation id is given, or made. */
  async handle<Name extends MessageName>(
    name: Name,
    data: z.input<(typeof catalogue)[Name]['schema']>,
    operationId: string | undefined = randomUUID(),
    acceptedAt = this.clock.now(),
  ): Promise<string> {
    const row: MessageRow = catalogue[name];
    const parsed = row.schema.parse(data);
    const envelope: Envelope = {
      id: randomUUID(),
      source: row.stream.producers[0] ?? row.stream.owner,
      type: row.type,
      time: acceptedAt.toISOString(),
      subject: row.key(parsed),
      sequence: 1,
      correlationId: 'spec',
      ...(operationId && { operationId }),
      actor,
    };
    await this.database.transaction((tx) => this.handlerOf(name)({ envelope, data: parsed }, tx));
    return operationId;
  }

  /** What has been said since the last call. */
  async said(): Promise<SaidMessage[]> {
    const rows = await this.database.query<{ key: string; envelope: string; data: string | null }>(
      'with gone as (delete from outbox returning *) select * from gone order by position',
    );
    return rows.map(({ key, envelope, data }) => {
      const parsed = Said.parse({ envelope: asJson(envelope), data: data === null ? null : asJson(data) });
      return { key, type: parsed.envelope.type, envelope: parsed.envelope as Envelope, data: parsed.data };
    });
  }

  /** Shows it and settles. */
  async observe(uid: string, cluster: string, change: Partial<ObservedRow> = {}): Promise<void> {
    await this.show(uid, cluster, change);
    await this.loop.round();
  }

  /** The cluster shows what its target asks for, with `change` laid over it, as the observer writes it. */
  async show(uid: string, cluster: string, change: Partial<ObservedRow> = {}): Promise<void> {
    await this.database.query(
      `insert into service_observed (service_uid, cluster, generation, epoch, release, restart_token, replicas, updated, ready,
         available, halted, rolled_out, cause_code, cause_detail, fresh, observed_at)
       select t.service_uid, t.cluster, t.generation, t.epoch, t.release, t.restart_token, coalesce($3, t.replicas),
         coalesce($4, t.replicas), coalesce($5, t.replicas), coalesce($5, t.replicas), t.halted, coalesce($6, true), $7, $8,
         coalesce($9, true), clock_timestamp()
       from service_target t where t.service_uid = $1 and t.cluster = $2
       on conflict (service_uid, cluster) do update set generation = excluded.generation, epoch = excluded.epoch,
         release = excluded.release, restart_token = excluded.restart_token, replicas = excluded.replicas,
         updated = excluded.updated, ready = excluded.ready, available = excluded.available, halted = excluded.halted,
         rolled_out = excluded.rolled_out, cause_code = excluded.cause_code, cause_detail = excluded.cause_detail,
         fresh = excluded.fresh, observed_at = excluded.observed_at`,
      [
        uid,
        cluster,
        change.replicas ?? null,
        change.updated ?? null,
        change.ready ?? null,
        change.rolledOut ?? null,
        change.causeCode ?? null,
        change.causeDetail ?? null,
        change.fresh ?? null,
      ],
    );
  }

  /** The one row of a service, as stored. */
  async row(key: string): Promise<Record<string, unknown> | undefined> {
    const rows = await this.database.query('select * from service where key = $1', [key]);
    return rows[0];
  }

  async targetsOf(uid: string) {
    return this.targets.of(this.database, uid);
  }

  private handlerOf(name: MessageName): Handler {
    for (const controller of this.controllers) {
      const method = (controller as Record<string, Handler | undefined>)[name];
      if (method) return method.bind(controller);
    }
    throw new TypeError(`${name} has no handler here`);
  }
}

interface ObservedRow {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly rolledOut: boolean;
  readonly causeCode: string;
  readonly causeDetail: string;
  readonly fresh: boolean;
}

export const actor = { id: 'u-1', name: '李雷', channel: 'portal' as const };
export const policy = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };
const Said = z.object({
  envelope: z.looseObject({ type: z.string() }),
  data: z.record(z.string(), z.unknown()).nullable(),
});
const asJson = (text: string) => JSON.parse(text) as unknown;

/** A spec of one container that listens on 8080. */
export function aSpec(change: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    image: 'hub.example/shop/cart:1.0',
    size: { cpuMillis: 500, memoryMiB: 256 },
    ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
    variables: [],
    readiness: null,
    liveness: null,
    startupAllowanceSeconds: 0,
    gracefulStopSeconds: 30,
    runAsUser: null,
    rolloutDeadlineSeconds: 300,
    ...change,
  };
}

export function anImage(tag: string) {
  const digest = `sha256:${Buffer.from(tag).toString('hex').padEnd(64, '0')}`;
  const repository = 'shop/cart';
  const rest = { architecture: 'amd64', user: '1000', exposedPorts: [8080], sizeBytes: 1 };
  return { reference: `hub.example/${repository}@${digest}`, repository, tag, digest, ...rest };
}

/** A service of its own for one spec: key and uid that no other has. */
export function aService(code: string): { key: string; uid: string } {
  return { key: serviceKey({ project: 'shop', environment: 'prod', service: code }), uid: randomUUID() };
}

/** States of an operation in the order in which they were said. */
export function statesOf(said: readonly SaidMessage[], operationId: string): unknown[] {
  return said.flatMap(({ key, data }) => (key === operationId && data?.state ? [data.state] : []));
}

export function ofType(said: readonly SaidMessage[], part: string): Record<string, unknown>[] {
  return said.flatMap(({ type, data }) => (type.includes(part) && data ? [data] : []));
}
