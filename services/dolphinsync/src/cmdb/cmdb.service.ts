import type { CmdbApproval, CmdbPush, CmdbPushAnswer } from '@berth/api';
import type { Actor } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Database, type Tx } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import * as links from '../mapping/link.store.pg.js';
import * as running from '../running/running.store.pg.js';
import * as vanished from '../vanished/vanished.store.pg.js';
import { differenceOf, noDifference, projectKey, rowsOf, serviceKey, type Catalogue } from './catalogue.js';
import { CatalogueWriter } from './catalogue-writer.js';
import * as store from './cmdb.store.pg.js';
import { countsOf, isEmpty, planOf, rowsOfPlan, writtenRows, type Open, type Plan } from './plan.js';
import * as pushStore from './push.store.pg.js';
import type { RetirementLimits } from './retirement.js';
import { checkRemoved, checkSnapshot, hashOf, namedIn, type RawRows, type Removed, type Snapshot } from './snapshot.js';
import { standingOf } from './version.js';

/** A full snapshot, or, with a base, a delta. */
export interface Pushed extends RawRows {
  readonly source: string;
  readonly version: number;
  readonly sample?: boolean | undefined;
  readonly baseVersion?: number;
  readonly removed?: Removed;
}

/** Bad rows beyond these are kept to be listed, and not part of the answer. */
const answeredRejections = 1_000;

/** Injection token of the limits beyond which a retirement waits for an approval. */
export const retirementLimits = Symbol('retirementLimits');

interface Weighed {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** Projects and services that are not retired, before the push. */
  readonly active: number;
}

/** Takes snapshots and deltas of the CMDB. What is said to others is exactly what has changed. */
@Injectable()
export class CmdbPushes {
  constructor(
    private readonly database: Database,
    private readonly writer: CatalogueWriter,
    private readonly clock: Clock,
    @Inject(retirementLimits) private readonly limits: RetirementLimits,
  ) {}

  async push(pushed: Pushed, { dryRun, by }: { dryRun: boolean; by: Actor }): Promise<CmdbPushAnswer> {
    const startedAtMs = performance.now();
    const contentHash = hashOf(pushed, pushed.removed);
    return this.database.transaction(async (tx) => {
      await store.lock(tx);
      const source = await store.source(tx, pushed.source);
      const standing = standingIn(source, pushed, contentHash);
      const weighed = await this.weigh(tx, pushed, standing === 'current');
      const now = this.clock.now();
      const applies = !dryRun && standing === 'current';
      const approval = approvalOf(weighed);
      const push: CmdbPush = {
        id: randomUUID(),
        source: pushed.source,
        version: pushed.version,
        mode: pushed.baseVersion === undefined ? 'full' : 'delta',
        baseVersion: pushed.baseVersion ?? null,
        sample: pushed.sample ?? source?.sample ?? false,
        dryRun,
        by: by.name,
        at: now.toISOString(),
        durationMs: 0,
        result: resultOf(standing === 'older', dryRun, weighed.plan),
        counts: countsOf(weighed.plan, weighed.snapshot.rejected),
        approval: applies ? approval : null,
        rowsLeftOut: 0,
      };
      if (applies) await this.apply(tx, push, contentHash, weighed.plan, { now, by });
      return this.record(tx, push, weighed, startedAtMs);
    });
  }

  /** What the push would do: nothing when it is older or was applied before. */
  private async weigh(tx: Tx, pushed: Pushed, counts: boolean): Promise<Weighed> {
    const known = await store.catalogue(tx, pushed.source);
    const open = await vanished.open(tx, pushed.source);
    const snapshot = snapshotOf(pushed, known, open, counts);
    const active = [...known.projects, ...known.services].filter(({ retired }) => !retired).length;
    const difference = counts ? differenceOf(known, snapshot, pushed.source, await store.slugs(tx)) : noDifference;
    const plan = planOf(difference, {
      open: counts ? open : [],
      running: await running.runningKeys(tx, slugsOf(known)),
      linked: await links.runningEntries(tx, pushed.source),
      active,
      limits: this.limits,
    });
    return { snapshot, plan, active };
  }

  private async apply(
    tx: Tx,
    push: CmdbPush,
    contentHash: string,
    plan: Plan,
    { now, by }: { now: Date; by: Actor },
  ): Promise<void> {
    const { source, version, sample } = push;
    await store.saveSource(tx, source, { version, contentHash, sample });
    if (isEmpty(plan)) return;
    const rows = {
      lines: writtenRows(plan.lines),
      projects: writtenRows(plan.projects),
      services: writtenRows(plan.services),
    };
    await this.writer.write(tx, source, rows, now, { actor: by });
    await vanished.close(
      tx,
      plan.returned.map(({ id }) => id),
      'returned',
      { by: null, at: now, cause: null },
    );
    await vanished.add(tx, { source, push: push.id, version, at: now }, newlyVanished(plan));
  }

  private async record(
    tx: Tx,
    push: CmdbPush,
    { plan, snapshot }: Weighed,
    startedAtMs: number,
  ): Promise<CmdbPushAnswer> {
    const rows = rowsOfPlan(plan, snapshot.rejected);
    const recorded = {
      ...push,
      durationMs: Math.round(performance.now() - startedAtMs),
      rowsLeftOut: Math.max(0, rows.length - pushStore.keptRows),
    };
    await pushStore.savePush(tx, recorded, rows);
    const at = new Date(push.at);
    await store.sourceSpoke(tx, push.source, at);
    if (push.result === 'applied') {
      await pushStore.withdrawApprovals(tx, push.source, at);
      await this.writer.saySource(tx, push.source, at);
    }
    return { ...recorded, rejected: snapshot.rejected.slice(0, answeredRejections) };
  }
}

function standingIn(source: store.Source | null, pushed: Pushed, contentHash: string) {
  const { source: name, version, baseVersion = null } = pushed;
  if (source?.removed) throw refuse('cmdb_source_removed', { source: name });
  const standing = standingOf(source, { version, contentHash, baseVersion });
  if (standing === 'other_content') throw refuse('cmdb_version_reused', { source: name, version });
  if (standing === 'out_of_order')
    throw refuse('cmdb_out_of_order', { source: name, base: baseVersion, current: source?.version ?? null });
  return standing;
}

/** What the CMDB names after the push, with everything of it that cannot be taken. A delta that was applied before is not judged again. */
function snapshotOf(pushed: Pushed, known: Catalogue, open: readonly Open[], counts: boolean): Snapshot {
  const { removed } = pushed;
  if (!removed) return checkSnapshot(pushed);
  const snapshot = checkSnapshot(pushed, rowsOf(known, isNamed(open, removed, pushed)));
  const active = (rows: Catalogue[keyof Catalogue]) =>
    new Set(rows.filter(({ retired }) => !retired).map(({ cmdbId }) => cmdbId));
  const ids = {
    businessLines: active(known.lines),
    projects: active(known.projects),
    services: active(known.services),
  };
  return { ...snapshot, rejected: [...snapshot.rejected, ...(counts ? checkRemoved(removed, pushed, ids) : [])] };
}

/** True for rows that a delta leaves as they are: not removed by it, and not waiting for a decision as removed before. */
function isNamed(open: readonly Open[], removed: Removed, raw: RawRows) {
  const goneOf = (list: keyof Removed) => {
    const named = namedIn(raw[list]);
    return new Set(removed[list].filter((id) => !named.has(id)));
  };
  const gone = { lines: goneOf('businessLines'), projects: goneOf('projects'), services: goneOf('services') };
  const waiting = new Set(open.map(({ kind, key }) => `${kind}s:${key}`));
  return (kind: keyof Catalogue, key: string, cmdbId: string) =>
    !gone[kind].has(cmdbId) && !waiting.has(`${kind}:${key}`);
}

function newlyVanished({ projects, services }: Plan): vanished.NewVanished[] {
  const id = () => randomUUID();
  return [
    ...projects.wait.map(({ row, reason, nowAt }) => ({
      ...{
        id: id(),
        kind: 'project' as const,
        key: projectKey(row),
        name: row.name,
        cmdbId: row.cmdbId,
        reason,
        nowAt,
      },
    })),
    ...services.wait.map(({ row, reason, nowAt }) => ({
      ...{
        id: id(),
        kind: 'service' as const,
        key: serviceKey(row),
        name: row.name,
        cmdbId: row.cmdbId,
        reason,
        nowAt,
      },
    })),
  ];
}

function approvalOf({ plan, active }: Weighed): CmdbApproval | null {
  return plan.held === 0 ? null : { state: 'waiting', rows: plan.held, of: active, by: null, at: null, cause: null };
}

function resultOf(isOlder: boolean, dryRun: boolean, plan: Plan): CmdbPush['result'] {
  if (isOlder) return 'older';
  if (dryRun) return 'dry_run';
  return isEmpty(plan) ? 'unchanged' : 'applied';
}

function slugsOf({ projects }: Catalogue): string[] {
  return projects.map(({ slug }) => slug);
}
