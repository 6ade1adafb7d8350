import { missing, type CmdbApproval } from '@berth/api';
import type { Actor } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Database, type Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { CatalogueWriter } from '../cmdb/catalogue-writer.js';
import * as cmdb from '../cmdb/cmdb.store.pg.js';
import * as pushStore from '../cmdb/push.store.pg.js';
import * as links from '../mapping/link.store.pg.js';
import * as running from '../running/running.store.pg.js';
import * as store from './vanished.store.pg.js';
import { keptUntilAfterRejection, untilOf, type Decision } from './vanished.js';

/** Decides what becomes of rows that the CMDB no longer names. Retiring stops nothing that runs. */
@Injectable()
export class VanishedService {
  constructor(
    private readonly database: Database,
    private readonly writer: CatalogueWriter,
    private readonly clock: Clock,
  ) {}

  /** All of them or none: somebody may have decided about one meanwhile. */
  async decide(decision: Decision, by: Actor): Promise<{ decided: number }> {
    const ids = [...new Set(decision.ids)];
    const now = this.clock.now();
    const until = decision.decision === 'keep' ? untilOf(decision.until, now) : null;
    return this.database.transaction(async (tx) => {
      await cmdb.lock(tx);
      const rows = await store.byIds(tx, ids);
      if (rows.length < ids.length) throw refuse('already_decided');
      const record = { by: by.name, at: now, cause: decision.cause };
      if (until) await store.keep(tx, ids, until, record);
      else await this.retire(tx, rows, 'retired', record, by);
      for (const source of sourcesOf(rows)) await this.writer.saySource(tx, source, now);
      return { decided: rows.length };
    });
  }

  /** On everything that a large retirement holds back. What runs by now is asked about one by one. */
  async approve(push: string, approves: boolean, cause: string, by: Actor): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      await cmdb.lock(tx);
      const row = await pushStore.push(tx, push);
      if (!row) throw refuse('not_found', missing('push', push));
      if (row.approval?.state !== 'waiting') throw refuse('already_decided');
      const held = await store.heldBy(tx, push);
      const record = { by: by.name, at: now, cause };
      if (approves) await this.retireHeld(tx, held, record, by);
      else await store.keep(tx, held.map(idOf), keptUntilAfterRejection(now), record);
      const state: CmdbApproval['state'] = approves ? 'approved' : 'rejected';
      await pushStore.saveApproval(tx, push, { ...row.approval, state, ...record, at: now.toISOString() });
      await this.writer.saySource(tx, row.source, now);
    });
  }

  /** The last instance is deleted: nothing is left that a decision would protect. */
  async serviceGone(tx: Tx, project: string, code: string): Promise<void> {
    const keys = [project, `${project}/${code}`, ...(await links.entryKeys(tx, project, code))];
    if ((await store.waitingFor(tx, keys)).length === 0) return;
    await cmdb.lock(tx);
    const waiting = await store.waitingFor(tx, keys);
    const runs = await this.runningAmong(tx, waiting);
    const gone = waiting.filter((row) => !runs.has(row));
    if (gone.length === 0) return;
    const now = this.clock.now();
    await this.retire(tx, gone, 'gone', { by: null, at: now, cause: null });
    for (const source of sourcesOf(gone)) await this.writer.saySource(tx, source, now);
  }

  private async retireHeld(tx: Tx, held: readonly store.OpenRow[], record: store.Decision, by: Actor): Promise<void> {
    const runs = await this.runningAmong(tx, held);
    await store.askOneByOne(tx, [...runs].map(idOf));
    await this.retire(
      tx,
      held.filter((row) => !runs.has(row)),
      'retired',
      record,
      by,
    );
  }

  /** Those of which something runs: under their own key, or linked by hand unless the entry is elsewhere now. */
  private async runningAmong(tx: Tx, rows: readonly store.OpenRow[]): Promise<Set<store.OpenRow>> {
    const projects = [...new Set(rows.map(({ key }) => key.split('/')[0] ?? key))];
    const runs = await running.runningKeys(tx, projects);
    const linked = new Set<string>();
    for (const source of sourcesOf(rows)) for (const key of await links.runningEntries(tx, source)) linked.add(key);
    return new Set(rows.filter(({ key, nowAt }) => runs.has(key) || (nowAt === null && linked.has(key))));
  }

  private async retire(
    tx: Tx,
    rows: readonly store.OpenRow[],
    outcome: 'retired' | 'gone',
    record: { by: string | null; at: Date; cause: string | null },
    actor?: Actor,
  ): Promise<void> {
    for (const source of sourcesOf(rows)) {
      const keys = rows.filter((row) => row.source === source).map(({ key }) => key);
      await this.writer.retire(tx, source, keys, record.at, { ...(actor && { actor }) });
    }
    await store.close(tx, rows.map(idOf), outcome, record);
  }
}

const idOf = ({ id }: store.OpenRow) => id;
const sourcesOf = (rows: readonly store.OpenRow[]) => [...new Set(rows.map(({ source }) => source))];
