import { missing, type CmdbLine, type CmdbMapping } from '@berth/api';
import { catalogServiceState, type Actor } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Outbox } from '@berth/platform/outbox';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { serviceStateOf } from '../cmdb/catalogue.js';
import * as cmdb from '../cmdb/cmdb.store.pg.js';
import { keyAfter, pageOf } from '../cmdb/page.js';
import * as links from './link.store.pg.js';
import * as store from './mapping.store.pg.js';

const Key = z
  .string()
  .regex(/^[^/]+\/[^/]+$/)
  .transform((key) => key.split('/') as [string, string]);

interface Asked extends Partial<Omit<store.MappingFilter, 'show'>> {
  readonly show: store.MappingFilter['show'];
  readonly limit: number;
  readonly continue?: string | undefined;
}

/** Who pays for a business line, and which entry of the CMDB a service is. */
@Injectable()
export class MappingService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async page({ project = null, search = null, show, limit, ...asked }: Asked) {
    const after = keyAfter(Key, asked.continue);
    const rows = await store.mappings(this.database, { project, search, show }, after, limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => `${row.project}/${row.code}`,
      (row) => row,
    );
  }

  lines(): Promise<CmdbLine[]> {
    return store.lines(this.database);
  }

  async setPayer(payer: { source: string; cmdbId: string; costCentre: string | null }, by: Actor): Promise<CmdbLine> {
    return this.database.transaction(async (tx) => {
      if (!(await store.line(tx, payer.source, payer.cmdbId)))
        throw refuse('not_found', missing('business_line', payer.cmdbId));
      await store.savePayer(tx, { ...payer, by: by.name, at: this.clock.now() });
      return (await store.line(tx, payer.source, payer.cmdbId)) as CmdbLine;
    });
  }

  /** What is linked by hand is said as an entry of the catalogue, so that every list shows its owner and CMDB id. */
  async link(
    { project, code, to }: { project: string; code: string; to: { source: string; cmdbId: string } | null },
    by: Actor,
  ): Promise<CmdbMapping> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      await cmdb.lock(tx);
      const [standing] = await this.of(tx, project, code);
      if (!standing || standing.link === 'code')
        throw refuse('not_found', missing('unlinked_service', `${project}/${code}`));
      const said = { actor: by };
      if (to) {
        const entry = await links.entry(tx, to.source, to.cmdbId);
        if (!entry) throw refuse('not_found', missing('catalog_service', `${to.source}/${to.cmdbId}`));
        await links.save(tx, { project, code, ...to, by: by.name, at: now });
        await this.outbox.append(tx, catalogServiceState, serviceStateOf({ ...entry, project, code }, now), said);
      } else if ((await links.remove(tx, project, code)) && standing.cmdb) {
        const { cmdbId, name, owner } = standing.cmdb;
        const gone = { project, code, cmdbId, name, owner, retired: true };
        await this.outbox.append(tx, catalogServiceState, serviceStateOf(gone, now), said);
      }
      return (await this.of(tx, project, code))[0] ?? standing;
    });
  }

  /** The one row of a service: the page of its project that begins right before it. */
  private async of(tx: Parameters<typeof store.mappings>[0], project: string, code: string): Promise<CmdbMapping[]> {
    const rows = await store.mappings(tx, { project, search: code, show: 'all' }, null, 500);
    return rows.filter((row) => row.code === code);
  }
}
