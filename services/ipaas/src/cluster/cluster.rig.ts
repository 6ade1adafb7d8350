import { FakeCluster, type ClusterClient } from '@berth/clients/kubernetes';
import { observedCluster, type ObservedCluster } from '@berth/contracts';
import { SystemClock } from '@berth/platform/clock';
import { Leases } from '@berth/platform/lease';
import { silentLogger } from '@berth/platform/log';
import { Outbox } from '@berth/platform/outbox';
import type { Database } from '@berth/platform/postgres';
import { Seal } from '@berth/platform/seal';
import { testDatabase, type TestDatabase } from '@berth/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { migrations } from '../migrations/index.js';
import { KeptLogStore } from '../container/kept-log.store.pg.js';
import { TargetStore } from '../service/target.store.pg.js';
import type { Target } from '../service/service.js';
import { renderRelease, type RenderInput } from '../workload/render.js';
import { RegistrySecretSource } from '../workload/registry-secrets.js';
import { aRender } from '../workload/workload.builders.js';
import { ClusterClients, ClusterDialer } from './cluster-clients.js';
import { credentialBinding, type Cluster } from './cluster.js';
import { ClusterStore } from './cluster.store.pg.js';
import { ClusterSupervisor } from './cluster-supervisor.js';
import { ObservationStore } from './observation.store.pg.js';

export const installationId = 'spec';

/** Hands out clients of one fake cluster and counts their writes. */
class FakeDialer extends ClusterDialer {
  writes = 0;

  constructor(private readonly fake: () => ClusterClient) {
    super();
  }

  override dial(): ClusterClient {
    const client = this.fake();
    const counted =
      <Args extends unknown[], R>(act: (...args: Args) => R) =>
      (...args: Args): R => {
        this.writes += 1;
        return act(...args);
      };
    return {
      ...client,
      apply: counted(client.apply),
      remove: counted(client.remove),
      patchLabels: counted(client.patchLabels),
    };
  }
}

/** One copy of the service's cluster part. */
export interface Copy {
  readonly dialer: FakeDialer;
  readonly clients: ClusterClients;
  stop(): Promise<void>;
}

export interface GivenService {
  readonly uid: string;
  readonly key: string;
}

/** Registry credentials of a spec. */
class SpecRegistrySecrets extends RegistrySecretSource {
  readonly logins = new Map<string, { readonly version: number; readonly password: string }>();

  async versions() {
    const versions = new Map<string, Map<string, number>>();
    for (const [key, { version }] of this.logins) {
      const [namespace = '', name = ''] = key.split('/');
      versions.set(namespace, (versions.get(namespace) ?? new Map<string, number>()).set(name, version));
    }
    return versions;
  }

  async open(namespace: string, name: string) {
    const { version = 0, password = '' } = this.logins.get(`${namespace}/${name}`) ?? {};
    return { version, dockerConfig: JSON.stringify({ auths: { 'hub.example': { password } } }) };
  }
}

/** The cluster part of the service on a real database, before a cluster that moves 50 steps a second. */
export class ClusterRig {
  readonly fake = new FakeCluster();
  readonly targets = new TargetStore();
  readonly clusters = new ClusterStore();
  readonly secrets = new Map<string, string>();
  /** Passwords by namespace and name; put another in its place and wake the cluster with `pg_notify`. */
  readonly registry = new SpecRegistrySecrets();
  readonly seal = new Seal(randomBytes(32).toString('base64'));
  private readonly copies: Copy[] = [];
  private readonly ticking = setInterval(() => this.fake.tick(), 20);

  private constructor(
    private readonly test: TestDatabase,
    private readonly installationId: string,
  ) {}

  static async open(installation = installationId): Promise<ClusterRig> {
    const rig = new ClusterRig(await testDatabase('ipaas', migrations), installation);
    await rig.sealCredential(1);
    await rig.setCluster({});
    return rig;
  }

  get database(): Database {
    return this.test.database;
  }

  async close(): Promise<void> {
    await Promise.all(this.copies.map((copy) => copy.stop()));
    clearInterval(this.ticking);
    await this.test.close();
  }

  /** Starts a copy; the first gets the lease. */
  async start(instance = 'ipaas-1', client: () => ClusterClient = () => this.fake.client()): Promise<Copy> {
    const database = this.test.anotherPool();
    const log = silentLogger();
    const dialer = new FakeDialer(client);
    const clients = new ClusterClients(database, this.clusters, this.seal, dialer);
    const supervisor = new ClusterSupervisor(new Leases({ database, instance, log }), {
      installationId: this.installationId,
      database,
      outbox: new Outbox('ipaas', new SystemClock(), () => undefined),
      clusters: this.clusters,
      clients,
      observations: new ObservationStore(),
      keptLogs: new KeptLogStore(),
      targets: this.targets,
      registrySecrets: this.registry,
      secrets: { open: async (uid, name, version) => this.secrets.get(`${uid}/${name}/${version}`) ?? '' },
      log,
    });
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= supervisor.onModuleDestroy().then(() => clients.onModuleDestroy()));
    const copy = { dialer, clients, stop };
    this.copies.push(copy);
    await supervisor.onApplicationBootstrap();
    return copy;
  }

  async setCluster(change: Partial<Cluster>): Promise<void> {
    const cluster: Cluster = {
      name: 'beijing',
      displayName: '北京',
      reach: 'podIP',
      phase: 'ready',
      epoch: 1,
      credentialName: 'beijing',
      credentialVersion: 1,
      ...change,
    };
    const state = {
      ...cluster,
      site: '',
      apiServer: 'https://beijing.invalid',
      caPem: '',
      credential: { name: cluster.credentialName, version: cluster.credentialVersion },
      reason: '',
      since: new Date().toISOString(),
    };
    await this.database.transaction((tx) => this.clusters.save(tx, state));
  }

  async addService(given: Partial<RenderInput> & { replicas?: number }): Promise<GivenService> {
    const uid = given.uid ?? randomUUID();
    const render = aRender({ installationId: this.installationId, ...given, uid });
    const [project, environment, code] = render.key.split('/');
    await this.database.query(
      `insert into service (uid, key, project, environment, code, name, spec_version, initial, state, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $5, 1, '{}', 'deploying', now(), now())`,
      [uid, render.key, project, environment, code],
    );
    await this.addRelease(render);
    const service = { uid, key: render.key };
    await this.setTarget(service, { release: render.release, replicas: given.replicas ?? 2 });
    return service;
  }

  async addRelease(render: RenderInput): Promise<void> {
    const rendered = renderRelease(render);
    await this.database.query(
      `insert into service_release (service_uid, number, spec_version, kind, spec, image, rendered, renderer_version, actor,
         operation_id, result, created_at)
       values ($1, $2, $2, 'deploy', $3, $4, $5, $6, '{}', gen_random_uuid(), 'pending', now())`,
      [
        render.uid,
        render.release,
        JSON.stringify(render.spec),
        JSON.stringify(render.image),
        JSON.stringify(rendered),
        rendered.rendererVersion,
      ],
    );
  }

  async setTarget({ uid, key }: GivenService, change: Partial<Target>): Promise<void> {
    const target: Target = {
      cluster: 'beijing',
      epoch: 1,
      generation: 1,
      release: 1,
      replicas: 2,
      restartToken: null,
      halted: false,
      phase: 'run',
      ...change,
    };
    await this.database.transaction((tx) => this.targets.write(tx, uid, key, [target]));
  }

  async observed({ uid }: GivenService) {
    const [row] = await this.targets.observedOf(this.database, uid);
    return row;
  }

  async externalChange({ uid }: GivenService): Promise<unknown> {
    const [row] = await this.database.query<{ change: unknown }>(
      'select external_changes -> 0 as change from service_observed where service_uid = $1',
      [uid],
    );
    return row?.change;
  }

  containers({ uid }: GivenService) {
    return this.database.query<{
      name: string;
      state: string;
      ended: boolean;
      detail: string | null;
      restarts: number;
      marks: number;
    }>(
      `select name, state, ended_at is not null as ended, detail, restarts, cardinality(restart_marks) as marks
       from container where service_uid = $1 order by created_at, name`,
      [uid],
    );
  }

  /** Data of what was said on the stream of observed clusters, oldest first. */
  async said(): Promise<ObservedCluster[]> {
    const rows = await this.database.query<{ data: string }>(
      'select data from outbox where stream = $1 order by position',
      [observedCluster.stream.name],
    );
    return rows.map(({ data }) => observedCluster.schema.parse(JSON.parse(data)));
  }

  private async sealCredential(version: number): Promise<void> {
    const connection = {
      server: 'https://beijing.invalid',
      caPem: 'none',
      credential: { kind: 'token', token: 'none' },
    };
    const sealed = this.seal.seal(JSON.stringify(connection), credentialBinding('beijing', version));
    await this.database.transaction((tx) => this.clusters.saveCredential(tx, 'beijing', version, sealed, 'spec'));
  }
}
