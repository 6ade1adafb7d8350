import { missing, problemOf, type CmdbSource, type CmdbSourceService } from '@berth/api';
import {
  deleteService,
  dolphinsyncOperationChanged,
  type DataOf,
  type Message,
  type OperationChange,
  type OperationKind,
  type OperationStep,
  type removeSource,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Outbox } from '@berth/platform/outbox';
import { Database, type Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { projectKey, serviceKey } from '../cmdb/catalogue.js';
import { CatalogueWriter } from '../cmdb/catalogue-writer.js';
import * as cmdb from '../cmdb/cmdb.store.pg.js';
import * as running from '../running/running.store.pg.js';
import * as vanished from '../vanished/vanished.store.pg.js';
import { removalText } from './source.js';
import * as store from './source.store.pg.js';

type Change = Message<DataOf<typeof removeSource>>;

/** Removes a sample as a whole and takes it up again: ordinary operations, conducted here. */
@Injectable()
export class SourceService {
  constructor(
    private readonly database: Database,
    private readonly writer: CatalogueWriter,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<CmdbSource[]> {
    const now = this.clock.now();
    const rows = await store.list(this.database);
    const counts = await Promise.all(rows.map(({ source }) => vanished.countsOf(this.database, source, now)));
    return rows.map((row, index) => ({
      ...row,
      pushedAt: row.pushedAt?.toISOString() ?? null,
      waiting: counts[index]?.waiting ?? 0,
      approvals: counts[index]?.approvals ?? 0,
    }));
  }

  /** @throws ProblemError when there is no such sample, or it is so already */
  async check(tx: Pick<Tx, 'query'>, name: string, wanted: 'remove' | 'restore'): Promise<void> {
    const source = await cmdb.source(tx, name);
    if (!source) throw refuse('not_found', missing('source', name));
    if (!source.sample) throw refuse('not_a_sample', { source: name });
    if (source.removed === (wanted === 'remove'))
      throw refuse('nothing_to_do', {
        ...{ why: source.removed ? 'source_removed' : 'source_there', source: name },
        reason: source.removed ? `${name} is removed.` : `${name} is not removed.`,
      });
  }

  /** Before acceptance. @throws ProblemError also `cause_required` when services in production would go without a word */
  async checkNow(name: string, wanted: 'remove' | 'restore', cause?: string): Promise<void> {
    await this.check(this.database, name, wanted);
    if (wanted === 'restore' || cause) return;
    const services = await store.services(this.database, name);
    if (services.some(({ production }) => production)) throw refuse('cause_required');
  }

  /** What goes with the source. @throws ProblemError not_found */
  async services(name: string): Promise<CmdbSourceService[]> {
    if (!(await cmdb.source(this.database, name))) throw refuse('not_found', missing('source', name));
    return store.services(this.database, name);
  }

  /** Retires everything the source named, and asks ipaas to delete what runs of it, one operation a service. */
  async remove(tx: Tx, { data, envelope }: Change): Promise<void> {
    await cmdb.lock(tx);
    if (await this.refused(tx, data.source, 'remove', envelope)) return;
    const now = this.clock.now();
    const known = await cmdb.catalogue(tx, data.source);
    const slugs = known.projects.map(({ slug }) => slug);
    const services = await running.ofProjects(tx, slugs);
    await store.markRemoved(tx, data.source);
    await store.setRemoved(tx, data.source, true);
    const retired = <Row extends { retired: boolean }>(rows: readonly Row[]) =>
      rows.filter((row) => !row.retired).map((row) => ({ ...row, retired: true }));
    const rows = {
      lines: retired(known.lines),
      projects: retired(known.projects),
      services: retired(known.services),
    };
    const said = { ...(envelope.actor && { actor: envelope.actor }) };
    await this.writer.write(tx, data.source, rows, now, said);
    const open = await vanished.open(tx, data.source);
    const decision = { by: envelope.actor?.name ?? null, at: now, cause: data.cause ?? null };
    await vanished.close(
      tx,
      open.map(({ id }) => id),
      'removed',
      decision,
    );
    await this.outbox.appendAll(
      tx,
      services.map(({ key, uid }) =>
        this.outbox.saying(
          deleteService,
          { key, uid, ...(data.cause && { cause: data.cause }) },
          { uid, operationId: randomUUID(), causedBy: envelope },
        ),
      ),
    );
    await this.writer.saySource(tx, data.source, now, said);
    await this.begin(tx, envelope, data.source, {
      now,
      result: { projects: rows.projects.length, catalogServices: rows.services.length, services: services.length },
      waitsFor: services.map(({ uid }) => uid),
    });
  }

  /** Takes up exactly what the removal retired. Services are deployed again by whoever entered them; they see it by `restores`. */
  async restore(tx: Tx, { data, envelope }: Change): Promise<void> {
    await cmdb.lock(tx);
    if (await this.refused(tx, data.source, 'restore', envelope)) return;
    const now = this.clock.now();
    const known = await cmdb.catalogue(tx, data.source);
    const removed = await store.removedKeys(tx, data.source);
    const back = <Row extends { retired: boolean }>(
      rows: readonly Row[],
      keys: Set<string>,
      keyOf: (row: Row) => string,
    ) => rows.filter((row) => keys.has(keyOf(row))).map((row) => ({ ...row, retired: false }));
    const rows = {
      lines: back(known.lines, removed.lines, ({ cmdbId }) => cmdbId),
      projects: back(known.projects, removed.projects, projectKey),
      services: back(known.services, removed.services, serviceKey),
    };
    await store.setRemoved(tx, data.source, false);
    const said = { ...(envelope.actor && { actor: envelope.actor }) };
    await this.writer.write(tx, data.source, rows, now, said);
    await store.unmarkRemoved(tx, data.source);
    await this.writer.saySource(tx, data.source, now, said);
    const at = now.toISOString();
    await this.say(tx, envelope, 'cmdb.restore', data.source, {
      state: 'succeeded',
      steps: [{ name: 'finish', state: 'done', startedAt: at, endedAt: at }],
      result: { projects: rows.projects.length, catalogServices: rows.services.length },
    });
  }

  /** A service is gone: a removal that waits for it is one further, or at its end. */
  async serviceGone(tx: Tx, uid: string): Promise<void> {
    for (const { envelope, source, startedAt, result, waitsFor } of await store.gone(tx, uid)) {
      const at = this.clock.now().toISOString();
      const left = await running.leftOf(tx, waitsFor);
      const isDone = waitsFor.length === 0;
      const total = result.services ?? 0;
      const remove: OperationStep = {
        ...{ name: 'remove', state: isDone ? 'done' : 'running', startedAt: startedAt.toISOString() },
        ...(isDone && { endedAt: at }),
        detail: removalText(total - waitsFor.length, total, left.clusters),
      };
      await this.say(tx, envelope, 'cmdb.remove', source, {
        state: isDone ? 'succeeded' : 'running',
        steps: isDone ? [remove, { name: 'finish', state: 'done', startedAt: at, endedAt: at }] : [remove],
        ...(isDone && { result }),
      });
    }
  }

  private async begin(
    tx: Tx,
    envelope: Change['envelope'],
    source: string,
    { now, result, waitsFor }: { now: Date; result: Record<string, number>; waitsFor: readonly string[] },
  ): Promise<void> {
    const at = now.toISOString();
    const check: OperationStep = { name: 'check', state: 'done', startedAt: at, endedAt: at };
    const isDone = waitsFor.length === 0;
    const { clusters } = await running.leftOf(tx, waitsFor);
    const detail = removalText(0, waitsFor.length, clusters);
    await this.say(tx, envelope, 'cmdb.remove', source, {
      state: isDone ? 'succeeded' : 'running',
      steps: [check, { name: 'remove', state: isDone ? 'done' : 'running', startedAt: at, detail }],
      ...(isDone && { result }),
    });
    if (isDone || !envelope.operationId) return;
    await store.addRemoval(
      tx,
      { operationId: envelope.operationId, source, envelope, startedAt: now, result },
      waitsFor,
    );
  }

  /** Between preflight and now it may have changed. */
  private async refused(
    tx: Tx,
    source: string,
    wanted: 'remove' | 'restore',
    envelope: Change['envelope'],
  ): Promise<boolean> {
    try {
      await this.check(tx, source, wanted);
      return false;
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problem : problemOf('internal');
      await this.say(tx, envelope, `cmdb.${wanted}`, source, { state: 'refused', problem });
      return true;
    }
  }

  private async say(
    tx: Tx,
    envelope: Change['envelope'],
    kind: OperationKind,
    target: string,
    change: Pick<OperationChange, 'state' | 'steps' | 'result' | 'problem'>,
  ): Promise<void> {
    const { operationId, actor } = envelope;
    if (!operationId) return;
    const data = { operationId, kind, target, ...(actor && { actor }), ...change };
    await this.outbox.append(tx, dolphinsyncOperationChanged, data, { operationId, causedBy: envelope });
  }
}
