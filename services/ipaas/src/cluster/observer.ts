import type { SlimPod } from '@berth/clients/kubernetes';
import type { Lease } from '@berth/platform/lease';
import type { Logger } from '@berth/platform/log';
import { metrics } from '@berth/platform/metrics';
import { isRefusedData, type Database } from '@berth/platform/postgres';
import { causeOf } from '../container/cause.js';
import { containerRow, endedRow, type ContainerRow } from '../container/container-row.js';
import { addressesOf } from '../workload/addresses.js';
import type { ReconcileFailure } from '../workload/failure.js';
import { placeOf } from '../workload/objects.js';
import { afterLook, type ExternalChange } from '../workload/external-changes.js';
import { observedRow, type ObservedRow } from '../workload/observe.js';
import type { Observed } from '../workload/plan.js';
import { stableJson } from '../workload/stable-hash.js';
import type { TargetBook } from '../workload/target-book.js';
import { placeKey, type ClusterCache } from './cluster-cache.js';
import type { AddressRow, AppliedRow, ObservationStore, WrittenState } from './observation.store.pg.js';

export interface ObserverOptions {
  readonly cluster: string;
  readonly database: Database;
  readonly store: ObservationStore;
  readonly cache: ClusterCache;
  readonly book: TargetBook;
  readonly lease: Lease;
  readonly written: WrittenState;
  /** What was said when a container's readiness check failed. */
  readonly probeWords: (pod: SlimPod) => string | null;
  readonly log: Logger;
}

type Applied = NonNullable<Observed['applied']>;

interface Changes {
  readonly observed: ObservedRow[];
  readonly containers: ContainerRow[];
  readonly addresses: AddressRow[];
  readonly applied: AppliedRow[];
}

const mostServicesAtOnce = 500;

/**
 * Writes what one cluster says to the tables: for each service the latest only, at most one transaction a flush, and only
 * rows that differ from what is written. Remembers what the reconciler found out.
 */
export class Observer {
  private dirty = new Set<string>();
  private readonly rows: Map<string, ObservedRow>;
  private readonly containers = new Map<string, Map<string, ContainerRow>>();
  private readonly addresses: Map<string, AddressRow>;
  private readonly applied: Map<string, Applied>;
  private readonly appliedWritten: Map<string, string>;
  private readonly failures = new Map<string, ReconcileFailure>();
  private readonly edits = new Map<string, readonly ExternalChange[]>();
  private fresh: boolean | null = null;
  /** Services whose rows the database refused: written alone until it takes them. */
  private readonly refused = new Set<string>();
  private readonly refusals = metrics.counter(
    'berth_observed_rows_refused_total',
    'Services that could not be written',
    ['cluster'],
  );

  constructor(private readonly options: ObserverOptions) {
    const { observed, containers, addresses, applied } = options.written;
    this.rows = new Map(observed.map((row) => [row.serviceUid, row]));
    this.addresses = new Map(addresses.map((row) => [row.serviceUid, row]));
    this.applied = new Map(applied.map((row) => [row.serviceUid, row]));
    this.appliedWritten = new Map(applied.map((row) => [row.serviceUid, appliedText(row)]));
    for (const row of observed) if (row.externalChanges.length > 0) this.edits.set(row.serviceUid, row.externalChanges);
    for (const row of containers) this.containersOf(row.serviceUid).set(row.uid, row);
  }

  changed(serviceUid: string): void {
    this.dirty.add(serviceUid);
  }

  /** Everything that is known here, on either side. */
  allChanged(): void {
    const { book, cache } = this.options;
    for (const uid of [...book.uids(), ...this.rows.keys(), ...this.containers.keys()]) this.dirty.add(uid);
    for (const pod of cache.pods.all()) if (pod.serviceUid && cache.isOurs(pod)) this.dirty.add(pod.serviceUid);
  }

  /** Services whose containers' state changes with time alone. */
  timePassed(): void {
    for (const [uid, rows] of this.containers)
      if ([...rows.values()].some(({ state }) => state === 'starting')) this.dirty.add(uid);
  }

  appliedOf(serviceUid: string): Applied | null {
    return this.applied.get(serviceUid) ?? null;
  }

  recordApplied(serviceUid: string, applied: Applied): void {
    this.applied.set(serviceUid, applied);
    this.dirty.add(serviceUid);
  }

  recordFailure(serviceUid: string, failure: ReconcileFailure | null): void {
    if (failure) this.failures.set(serviceUid, failure);
    else if (!this.failures.delete(serviceUid)) return;
    this.dirty.add(serviceUid);
  }

  /** What a look found that others did; null when nothing. */
  recordEdit(serviceUid: string, found: ExternalChange | null, now: Date): void {
    const told = this.edits.get(serviceUid) ?? [];
    const after = afterLook(told, found, now);
    if (after === told || (after.length === 0 && told.length === 0)) return;
    this.edits.set(serviceUid, after);
    this.dirty.add(serviceUid);
  }

  /** The service has left the cluster; its past containers stay. */
  forget(serviceUid: string): void {
    for (const map of [this.rows, this.addresses, this.applied, this.appliedWritten, this.failures, this.edits])
      map.delete(serviceUid);
    this.refused.delete(serviceUid);
  }

  /** Writes up to 500 changed services; `fresh`: whether what we know of the cluster is current. */
  async flush(fresh: boolean, now: Date): Promise<void> {
    if (this.fresh !== fresh) this.allChanged();
    this.fresh = fresh;
    const uids = [...this.dirty].slice(0, mostServicesAtOnce);
    if (uids.length === 0) return;
    // What changes while we write is dirty again and comes next time.
    for (const uid of uids) this.dirty.delete(uid);
    try {
      await this.save(
        uids.filter((uid) => !this.refused.has(uid)),
        fresh,
        now,
      );
      for (const uid of uids.filter((one) => this.refused.has(one))) await this.save([uid], fresh, now);
    } catch (error) {
      for (const uid of uids) this.dirty.add(uid);
      throw error;
    }
  }

  /** Together; when the database refuses what is in the rows, by halves, so that one service holds up no other. */
  private async save(uids: readonly string[], fresh: boolean, now: Date): Promise<void> {
    const [first] = uids;
    if (first === undefined) return;
    try {
      await this.write(this.changesOf(uids, fresh, now));
      for (const uid of uids) this.refused.delete(uid);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      if (uids.length === 1) return this.refuse(first, error);
      const half = Math.ceil(uids.length / 2);
      await this.save(uids.slice(0, half), fresh, now);
      await this.save(uids.slice(half), fresh, now);
    }
  }

  /** It waits for its next change: what was refused once is refused again. */
  private refuse(serviceUid: string, error: unknown): void {
    const { cluster, log } = this.options;
    this.refusals.inc({ cluster });
    const isNew = !this.refused.has(serviceUid);
    this.refused.add(serviceUid);
    if (isNew)
      log.error('What a cluster says of a service cannot be written; others go on', { serviceUid, err: error });
  }

  private changesOf(uids: readonly string[], fresh: boolean, now: Date): Changes {
    const changes: Changes = { observed: [], containers: [], addresses: [], applied: [] };
    for (const uid of uids) {
      const applied = this.applied.get(uid);
      if (applied && this.appliedWritten.get(uid) !== appliedText(applied))
        changes.applied.push({ serviceUid: uid, cluster: this.options.cluster, ...applied });
      if (fresh) this.addCurrent(changes, uid, now);
      else this.addStale(changes, uid);
    }
    return changes;
  }

  /** Nothing new is known: the last values stay and are marked as old. */
  private addStale(changes: Changes, uid: string): void {
    const row = this.rows.get(uid);
    if (row?.fresh && this.options.book.get(uid)) changes.observed.push({ ...row, fresh: false });
  }

  private addCurrent(changes: Changes, uid: string, now: Date): void {
    const { cache, cluster } = this.options;
    const pods = cache.pods.in(uid);
    for (const row of this.containerRows(uid, pods, now))
      if (stableJson(row) !== stableJson(this.containersOf(uid).get(row.uid))) changes.containers.push(row);
    const row = this.observedRow(uid, pods, now);
    if (row && stableJson(row) !== stableJson(this.rows.get(uid))) changes.observed.push(row);
    const addresses = this.addressesOf(uid);
    const address: AddressRow = { serviceUid: uid, cluster, addresses };
    if (row && stableJson(addresses) !== stableJson(this.addresses.get(uid)?.addresses ?? []))
      changes.addresses.push(address);
  }

  private observedRow(uid: string, pods: readonly SlimPod[], now: Date): ObservedRow | null {
    const { cache, book, probeWords } = this.options;
    const target = book.get(uid);
    if (!target) return null;
    const { namespace, name } = placeOf(target.key);
    const [live] = cache.deployments.in(placeKey(namespace, name));
    const deployment = live?.serviceUid === uid ? live : null;
    const failure = this.failures.get(uid) ?? null;
    const cause = causeOf({ release: target.release, deployment, pods, failure, probeWords }, now);
    return observedRow({ target, deployment, cause, fresh: true, externalChanges: this.edits.get(uid) ?? [] });
  }

  private containerRows(serviceUid: string, pods: readonly SlimPod[], now: Date): ContainerRow[] {
    const known = this.containersOf(serviceUid);
    const present = new Set(pods.map(({ uid }) => uid));
    const where = { cluster: this.options.cluster, serviceUid };
    const there = pods.map((pod) => {
      const row = containerRow(pod, where, known.get(pod.uid), now);
      return row.state === 'not_ready' && !row.detail ? { ...row, detail: this.options.probeWords(pod) } : row;
    });
    const gone = [...known.values()].filter(({ uid }) => !present.has(uid)).map((row) => endedRow(row, now));
    return [...there, ...gone];
  }

  private addressesOf(uid: string): AddressRow['addresses'] {
    const { cache, book } = this.options;
    const target = book.get(uid);
    if (!target) return [];
    const { namespace, name } = placeOf(target.key);
    const [service] = cache.services.in(placeKey(namespace, name));
    return service ? addressesOf(service, cache.nodes.all()) : [];
  }

  private async write(changes: Changes): Promise<void> {
    if (Object.values(changes).every((rows: readonly unknown[]) => rows.length === 0)) return this.remember(changes);
    const { database, store, lease } = this.options;
    await database.transaction(async (tx) => {
      await lease.check(tx);
      await store.saveApplied(tx, changes.applied);
      await store.saveContainers(tx, changes.containers);
      await store.saveAddresses(tx, changes.addresses);
      await store.saveObserved(tx, changes.observed);
    });
    this.remember(changes);
  }

  private remember({ observed, containers, addresses, applied }: Changes): void {
    for (const row of observed) this.rows.set(row.serviceUid, row);
    for (const row of addresses) this.addresses.set(row.serviceUid, row);
    for (const row of applied) this.appliedWritten.set(row.serviceUid, appliedText(row));
    for (const row of containers) {
      const rows = this.containersOf(row.serviceUid);
      rows.set(row.uid, row);
    }
    this.dropEnded();
  }

  /** Past containers whose pods are gone are only in the table. */
  private dropEnded(): void {
    for (const [serviceUid, rows] of this.containers) {
      const present = new Set(this.options.cache.pods.in(serviceUid).map(({ uid }) => uid));
      for (const [uid, row] of rows) if (row.endedAt && !present.has(uid)) rows.delete(uid);
      if (rows.size === 0) this.containers.delete(serviceUid);
    }
  }

  private containersOf(serviceUid: string): Map<string, ContainerRow> {
    const rows = this.containers.get(serviceUid) ?? new Map<string, ContainerRow>();
    this.containers.set(serviceUid, rows);
    return rows;
  }
}

function appliedText({ deploymentUid, objectGeneration }: Applied): string {
  return `${deploymentUid}/${objectGeneration}`;
}
