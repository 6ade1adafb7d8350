import {
  catalogue,
  serviceKey,
  type DataOf,
  type Envelope,
  type MessageName,
  type MessageRow,
  type PlacementPolicy,
  type Size,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { silentLogger } from '@berth/platform/log';
import { Outbox } from '@berth/platform/outbox';
import type { Database, Tx } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ClusterMessages } from './cluster/cluster.messages.controller.js';
import { Clusters } from './cluster/cluster.service.js';
import type { ProbeResult } from './cluster/health.js';
import { DeadlineSweep } from './operation/deadline-sweep.js';
import { Operations } from './operation/operations.js';
import { PlacementMessages } from './placement/placement.messages.controller.js';
import { PlacementReader } from './placement/placement.reader.js';
import { Placements } from './placement/placement.service.js';

/** A clock that a spec moves. */
export class SpecClock extends Clock {
  private ms = Date.parse('2026-01-01T00:00:00Z');
  now(): Date {
    return new Date(this.ms);
  }
  pass(seconds: number): void {
    this.ms += seconds * 1_000;
  }
}

/** A throw-away database, as `testDatabase` gives it. */
interface SpecDatabase {
  readonly database: Database;
  anotherPool(): Database;
  close(): Promise<void>;
}

export interface SpecService {
  readonly key: string;
  readonly uid: string;
}

export const specSize: Size = { cpuMillis: 1_000, memoryMiB: 1_024 };
export const spread: PlacementPolicy = { mode: 'spread', clusters: [], minPerCluster: 0 };

/** Staging has one cluster to itself; the others may use all. */
const environments = { staging: ['beijing'] };

type Handler = (message: unknown, tx: Tx) => Promise<void>;

/** What was said, as the relay would send it. */
export interface SaidMessage {
  readonly type: string;
  readonly key: string;
  readonly envelope: Envelope;
  /** Empty for a tombstone. */
  readonly data: Record<string, unknown>;
}

/** cluster-mgr on a real database, without bus and HTTP: messages go to their handlers, the outbox is read back. */
export class Harness {
  readonly clusters: Clusters;
  readonly reader: PlacementReader;
  readonly sweep: DeadlineSweep;
  private readonly handlers: Record<string, Handler>;
  private readonly messages: { clusters: ClusterMessages; placements: PlacementMessages };

  constructor(
    readonly at: SpecDatabase,
    readonly database = at.database,
    readonly clock = new SpecClock(),
  ) {
    const outbox = new Outbox('cluster-mgr', this.clock, () => undefined);
    const operations = new Operations(outbox, this.clock);
    const placements = new Placements(outbox, operations, this.clock, environments);
    this.clusters = new Clusters(database, outbox, operations, placements, this.clock, 180_000);
    this.reader = new PlacementReader(database, environments);
    this.sweep = new DeadlineSweep(database, operations, this.clock, silentLogger());
    this.messages = { clusters: new ClusterMessages(this.clusters), placements: new PlacementMessages(placements) };
    this.handlers = {};
  }

  /** Another copy of the service on the same database. */
  copy(): Harness {
    return new Harness(this.at, this.at.anotherPool(), this.clock);
  }

  close(): Promise<void> {
    return this.at.close();
  }

  /** Handles one message in its transaction. Gives its operation id. */
  async handle<Name extends MessageName>(
    name: Name,
    data: z.input<(typeof catalogue)[Name]['schema']>,
  ): Promise<string> {
    const operationId = randomUUID();
    const row: MessageRow = catalogue[name];
    const parsed = row.schema.parse(data);
    const envelope: Envelope = {
      id: randomUUID(),
      source: row.stream.producers[0] ?? row.stream.owner,
      type: row.type,
      time: this.clock.now().toISOString(),
      subject: row.key(parsed),
      sequence: 1,
      correlationId: 'spec',
      operationId,
      actor,
    };
    await this.database.transaction((tx) => this.handlerOf(name)({ envelope, data: parsed }, tx));
    return operationId;
  }

  /** What has been said since the last call. */
  async said(): Promise<SaidMessage[]> {
    const rows = await this.at.database.query<{ key: string; envelope: string; data: string | null }>(
      'with gone as (delete from outbox returning *) select * from gone order by position',
    );
    return rows.map(({ key, envelope, data }) => {
      const parsed = Said.parse({ envelope: asJson(envelope), data: data === null ? {} : asJson(data) });
      return { key, type: parsed.envelope.type, envelope: parsed.envelope as Envelope, data: parsed.data };
    });
  }

  /** States of an operation in the order in which they were said, of these messages. */
  static statesOf(said: readonly SaidMessage[], operationId: string): unknown[] {
    return said.filter((one) => one.key === operationId).map(({ data }) => data.state);
  }

  async probe(name: string, kind: ProbeResult['kind'] = 'ok'): Promise<void> {
    const detail = kind === 'unreachable' ? 'connect ECONNREFUSED' : null;
    const probe: ProbeResult = { at: this.clock.now(), kind, latencyMs: 12, detail };
    await this.database.transaction((tx) => this.clusters.probed(name, probe, tx));
  }

  /** ipaas sees the cluster with so many millicores and as much MiB, one node. */
  async observe(name: string, epoch = 1, cpuMillis = 8_000, change: Partial<Observed> = {}): Promise<void> {
    const allocatable = { cpuMillis, memoryMiB: cpuMillis, pods: 100 };
    const none = { cpuMillis: 0, memoryMiB: 0, pods: 0 };
    await this.handle('observedCluster', {
      name,
      epoch,
      watch: 'live',
      heardAt: this.clock.now().toISOString(),
      detail: null,
      version: 'v1.34.4',
      allocatable,
      foreign: none,
      nodes: [{ name: `${name}-1`, ready: true, schedulable: true, allocatable, requested: none }],
      ...change,
    });
  }

  /** A registered cluster that is ready. */
  async cluster(name: string, cpuMillis?: number): Promise<void> {
    await this.handle('registerCluster', registration(name));
    await this.observe(name, 1, cpuMillis);
    await this.probe(name);
  }

  /** ipaas says that release 1, of 1 core and 1 GiB where `change` says nothing else, runs as this generation wants it. */
  settle(service: SpecService, settledGeneration: number, change: Partial<ServiceStateData> = {}): Promise<string> {
    return this.handle('serviceState', {
      ...service,
      name: 'x',
      state: 'running',
      reason: null,
      desired: 4,
      ready: 4,
      clusters: [],
      specVersion: 1,
      appliedGeneration: settledGeneration,
      settledGeneration,
      release: 1,
      image: null,
      size: specSize,
      lastChange: null,
      updatedAt: this.clock.now().toISOString(),
      ...change,
    });
  }

  /** A new service with 4 replicas spread over all clusters, settled as generation 1; nothing of it is left to be read. */
  async placed(code: string): Promise<SpecService> {
    const service = { key: serviceKey({ project: 'shop', environment: 'prod', service: code }), uid: randomUUID() };
    const initial = { replicas: 4, policy: spread };
    await this.handle('placeService', { ...service, specVersion: 1, size: specSize, initial });
    await this.settle(service, 1);
    await this.said();
    return service;
  }

  private handlerOf(name: MessageName): Handler {
    const known = this.handlers[name];
    if (known) return known;
    for (const controller of Object.values(this.messages)) {
      const method = (controller as unknown as Record<string, Handler | undefined>)[name];
      if (method) return (this.handlers[name] = method.bind(controller));
    }
    throw new TypeError(`${name} has no handler`);
  }
}

type ServiceStateData = NonNullable<DataOf<(typeof catalogue)['serviceState']>>;
type Observed = NonNullable<DataOf<(typeof catalogue)['observedCluster']>>;

export const actor = { id: 'u-1', name: 'lin', channel: 'portal' as const };

const Said = z.object({ envelope: z.looseObject({ type: z.string() }), data: z.record(z.string(), z.unknown()) });
const asJson = (text: string) => JSON.parse(text) as unknown;

export function registration(name: string) {
  const credential = { name, version: 1 };
  const rest = { site: 'north', reach: 'podIP' as const, apiServer: `https://${name}.example:6443`, caPem, credential };
  return { name, displayName: name.toUpperCase(), ...rest };
}

/** A self-signed certificate of nobody; only its form is looked at. */
export const caPem = `-----BEGIN CERTIFICATE-----
MIIBNDCB56ADAgECAhRL6P+1vdHlmuQ3mJuoaXMs1VvMEzAFBgMrZXAwDzENMAsG
A1UEAwwEc3BlYzAgFw0yNjExMjEwOTQyMTRaGA8yMTI2MTAyODA5NDIxNFowDzEN
MAsGA1UEAwwEc3BlYzAqMAUGAytlcAMhAF4pjxNZeKtKJvWMDvR6hpQ0oh0FL05a
C0hH+1twCq1to1MwUTAdBgNVHQ4EFgQU8+5mYoRAVAJdJfwHdJ6qqlws6J0wHwYD
VR0jBBgwFoAU8+5mYoRAVAJdJfwHdJ6qqlws6J0wDwYDVR0TAQH/BAUwAwEB/zAF
BgMrZXADQQBl6+dv6tpRzxPIyBoYLcbLAxWO8nQF11g5GlTnu44WUp+PsbBvB7jW
JEklx+zGBZIu0BQ2t7QQJEGci+BTrJoK
-----END CERTIFICATE-----`;
