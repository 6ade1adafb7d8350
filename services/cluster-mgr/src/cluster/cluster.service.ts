import { missing } from '@berth/api';
import {
  clusterState,
  type DataOf,
  type Message,
  type ObservedCluster,
  type OperationStep,
  type readmitCluster,
  type registerCluster,
  type removeCluster,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Outbox } from '@berth/platform/outbox';
import { Database, type Tx } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { Operations } from '../operation/operations.js';
import { Placements } from '../placement/placement.service.js';
import {
  readmissionProblem,
  readmit,
  readyStep,
  register,
  registrationProblem,
  removalProblem,
  stateOf,
  type Cluster,
  type Registration,
} from './cluster.js';
import * as store from './cluster.store.pg.js';
import { judge, type ProbeResult } from './health.js';

/** How long a registered or readmitted cluster may take to become ready. */
export const joinDeadlineMs = Symbol('joinDeadlineMs');

const keptProbesMs = 60_000;

/** The registry of clusters and the phase of each. */
@Injectable()
export class Clusters {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly operations: Operations,
    private readonly placements: Placements,
    private readonly clock: Clock,
    @Inject(joinDeadlineMs) private readonly deadlineMs: number,
  ) {}

  async register({ envelope, data }: Message<DataOf<typeof registerCluster>>, tx: Tx): Promise<void> {
    await store.lockRegistry(tx);
    const existing = await store.find(tx, data.name);
    const isAwaited = (await this.operations.runningOf(tx, data.name)).length > 0;
    const lastEpoch = existing?.epoch ?? (await store.lastEpoch(tx, data.name));
    const registered = register(data, existing, { isAwaited, lastEpoch }, this.clock.now());
    if ('problem' in registered)
      return this.operations.refuse(tx, envelope, 'cluster.register', data.name, registered.problem);
    await store.save(tx, registered);
    await this.outbox.append(tx, clusterState, stateOf(registered), { causedBy: envelope });
    await this.operations.begin(tx, envelope, {
      kind: 'cluster.register',
      target: data.name,
      deadlineMs: this.deadlineMs,
      steps: [this.waiting(data.name)],
    });
  }

  async readmit({ envelope, data }: Message<DataOf<typeof readmitCluster>>, tx: Tx): Promise<void> {
    const all = await store.lockAll(tx);
    const existing = all.find(({ name }) => name === data.name) ?? null;
    const readmitted = readmit(existing, data.name, this.clock.now());
    if ('problem' in readmitted)
      return this.operations.refuse(tx, envelope, 'cluster.readmit', data.name, readmitted.problem);
    await store.save(tx, readmitted);
    await this.outbox.append(tx, clusterState, stateOf(readmitted), { causedBy: envelope });
    await this.placements.renewEpoch(tx, readmitted.name, readmitted.epoch, envelope);
    await this.operations.begin(tx, envelope, {
      kind: 'cluster.readmit',
      target: data.name,
      deadlineMs: this.deadlineMs,
      steps: [this.waiting(data.name)],
    });
  }

  /** Unregisters a cluster without services. ipaas forgets its credential when it hears so. */
  async remove({ envelope, data }: Message<DataOf<typeof removeCluster>>, tx: Tx): Promise<void> {
    const { name } = data;
    const existing = (await store.lockAll(tx)).find((cluster) => cluster.name === name) ?? null;
    const problem = removalProblem(name, existing, await this.placements.servicesIn(tx, name));
    if (problem) return this.operations.refuse(tx, envelope, 'cluster.remove', name, problem);
    await this.operations.supersede(tx, name, 'cluster.remove');
    if (existing) await store.remove(tx, existing);
    await this.outbox.tombstone(tx, clusterState, name, { causedBy: envelope });
    await this.operations.begin(tx, envelope, {
      kind: 'cluster.remove',
      target: name,
      deadlineMs: this.deadlineMs,
      steps: [],
    });
    for (const running of await this.operations.runningOf(tx, name))
      await this.operations.end(tx, running, { state: 'succeeded' });
  }

  async observed(seen: ObservedCluster, tx: Tx): Promise<void> {
    await store.observed(tx, seen, this.clock.now());
  }

  async forgetObserved(name: string, tx: Tx): Promise<void> {
    await store.forgetObserved(tx, name);
  }

  /** Takes down what a probe saw, and judges the cluster by it and by what ipaas reports. */
  async probed(name: string, probe: ProbeResult, tx: Tx): Promise<void> {
    const now = this.clock.now();
    const cluster = await store.find(tx, name);
    if (!cluster) return;
    const since = now.getTime() - keptProbesMs;
    const earlier = (await store.probesOf(tx, name)).filter(({ at }) => at.getTime() >= since);
    const probes = [...earlier, probe];
    await store.saveProbes(tx, name, probes);
    const verdict = judge(cluster, { probes, watch: await store.watchOf(tx, name) }, now);
    const changed = verdict && (await store.applyVerdict(tx, cluster, verdict, now));
    if (!changed) return;
    await this.outbox.append(tx, clusterState, stateOf(changed));
    if (cluster.phase === 'joining' && changed.phase === 'ready') await this.endJoining(tx, changed);
  }

  list(): Promise<Cluster[]> {
    return store.list(this.database);
  }

  /** Throws what would be refused of a registration now. */
  async checkRegistration(asked: Registration): Promise<void> {
    const problem = await this.database.transaction(async (tx) => {
      const isAwaited = (await this.operations.runningOf(tx, asked.name)).length > 0;
      return registrationProblem(asked, await store.find(tx, asked.name), isAwaited);
    });
    if (problem) throw new ProblemError(problem);
  }

  async checkReadmission(name: string): Promise<void> {
    const cluster = await store.find(this.database, name);
    if (!cluster) throw refuse('not_found', missing('cluster', name));
    const problem = readmissionProblem(cluster);
    if (problem) throw new ProblemError(problem);
  }

  /** Throws what would be refused of a removal now. */
  async checkRemoval(name: string): Promise<void> {
    const services = await this.placements.servicesIn(this.database, name);
    const problem = removalProblem(name, await store.find(this.database, name), services);
    if (problem) throw new ProblemError(problem);
  }

  private async endJoining(tx: Tx, cluster: Cluster): Promise<void> {
    for (const running of await this.operations.runningOf(tx, cluster.name)) {
      const times = { startedAt: running.startedAt, endedAt: this.clock.now() };
      await this.operations.end(tx, running, {
        state: 'succeeded',
        steps: [readyStep(cluster, 'done', times)],
        result: { epoch: cluster.epoch },
      });
    }
  }

  private waiting(cluster: string): OperationStep {
    return { name: 'ready', cluster, state: 'running', startedAt: this.clock.now().toISOString() };
  }
}
