import type { CmdbRecord } from '@berth/api';
import { publicServiceContainers } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import { Database, type Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { fromCursor, toCursor } from '../service/cursor.js';
import { goneBody, goneKeptMs, publicRecordOf, recordOf, type StoredRecord } from './cmdb-record.js';
import { CmdbRecordStore } from './cmdb-record.store.pg.js';

/** Where a page ended: time of change and key. */
const Cursor = z.tuple([z.iso.datetime(), z.string().max(200)]);
/** Records of one transaction: a page of messages, not a fleet of them. */
const batch = 500;

/** Keeps one light record a service for the CMDB: it is said when it differs, and can be pulled at any time. */
@Injectable()
export class CmdbRecordService {
  constructor(
    private readonly database: Database,
    private readonly store: CmdbRecordStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Says what differs. Returns how many records did. */
  async say(check: (tx: Tx) => Promise<void> = () => Promise.resolve()): Promise<number> {
    let said = 0;
    for (;;) {
      const rows = await this.database.transaction(async (tx) => {
        await check(tx);
        return this.sayBatch(tx);
      });
      said += rows;
      if (rows < batch) return said;
    }
  }

  async page(query: { limit: number; continue?: string | undefined; changedSince?: string | undefined }) {
    const since = query.changedSince === undefined ? null : new Date(query.changedSince);
    const rows = await this.store.page(this.database, since, fromCursor(Cursor, query.continue), query.limit + 1);
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const items: CmdbRecord[] = shown.map(recordOf);
    return {
      items,
      continue: rows.length > query.limit && last ? toCursor([last.changedAt.toISOString(), last.key]) : null,
    };
  }

  private async sayBatch(tx: Tx): Promise<number> {
    const changedAt = this.clock.now();
    const changed = await this.store.changed(tx, batch);
    const gone = await this.store.gone(tx, batch - changed.length);
    const rows: StoredRecord[] = [
      ...changed.map((row) => ({ ...row, deleted: false, changedAt })),
      ...gone.map((row) => ({ ...row, body: goneBody(row.body), deleted: true, changedAt })),
    ];
    if (rows.length > 0) {
      await this.store.save(tx, rows);
      await this.outbox.appendAll(
        tx,
        rows.map((row) => this.outbox.saying(publicServiceContainers, publicRecordOf(row), { uid: row.uid })),
      );
    }
    await this.store.forgetGone(tx, new Date(changedAt.getTime() - goneKeptMs));
    return rows.length;
  }
}
