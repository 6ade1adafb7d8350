import { catalogServiceState, cmdbSourceState, projectState, type Actor } from '@berth/contracts';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import * as links from '../mapping/link.store.pg.js';
import * as vanished from '../vanished/vanished.store.pg.js';
import { projectStateOf, serviceStateOf } from './catalogue.js';
import * as store from './cmdb.store.pg.js';

/** The one way a row of the catalogue changes: it is written and said in the same transaction. */
@Injectable()
export class CatalogueWriter {
  constructor(private readonly outbox: Outbox) {}

  async write(tx: Tx, source: string, rows: store.Written, now: Date, said: { actor?: Actor } = {}): Promise<void> {
    await store.save(tx, source, rows, now);
    const linked = await links.toEntries(tx, source, rows.services);
    await this.outbox.appendAll(tx, [
      ...rows.projects.map((row) => this.outbox.saying(projectState, projectStateOf(row, now), said)),
      ...[...rows.services, ...linked].map((row) =>
        this.outbox.saying(catalogServiceState, serviceStateOf(row, now), said),
      ),
    ]);
  }

  /** Retires rows by their keys; those that are retired already stay as they are. */
  async retire(
    tx: Tx,
    source: string,
    keys: readonly string[],
    now: Date,
    said: { actor?: Actor } = {},
  ): Promise<void> {
    if (keys.length === 0) return;
    const known = await store.byKeys(tx, keys);
    const retired = <Row extends { retired: boolean }>(rows: readonly Row[]) =>
      rows.filter((row) => !row.retired).map((row) => ({ ...row, retired: true }));
    const rows = { lines: [], projects: retired(known.projects), services: retired(known.services) };
    await this.write(tx, source, rows, now, said);
  }

  /** Says how the source stands, for pages that show it. */
  async saySource(tx: Tx, name: string, now: Date, said: { actor?: Actor } = {}): Promise<void> {
    const source = await store.source(tx, name);
    if (!source) return;
    const { version, sample, removed } = source;
    const counts = await vanished.countsOf(tx, name, now);
    const data = { ...{ source: name, version, sample, removed, ...counts }, updatedAt: now.toISOString() };
    await this.outbox.append(tx, cmdbSourceState, data, said);
  }
}
