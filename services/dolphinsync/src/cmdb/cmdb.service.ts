import type { CmdbPush } from '@berth/api';
import { catalogServiceState, projectState } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Outbox } from '@berth/platform/outbox';
import { Database, type Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import {
  changedRows,
  countsOf,
  differenceOf,
  isEmpty,
  projectStateOf,
  serviceStateOf,
  type Difference,
} from './catalogue.js';
import * as store from './cmdb.store.pg.js';
import { checkSnapshot, hashOf, type RawSnapshot, type Snapshot } from './snapshot.js';
import { standingOf } from './version.js';

export interface Pushed extends RawSnapshot {
  readonly source: string;
  readonly version: number;
}

/** Bad rows beyond these are counted, not listed. */
const listedRejections = 1_000;

const none: Difference = {
  lines: { created: [], updated: [], retired: [], unchanged: 0 },
  projects: { created: [], updated: [], retired: [], unchanged: 0 },
  services: { created: [], updated: [], retired: [], unchanged: 0 },
};

/** Takes full snapshots of the CMDB. What is said to others is exactly what has changed. */
@Injectable()
export class CmdbPushes {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async push(pushed: Pushed, dryRun: boolean): Promise<CmdbPush> {
    const startedAtMs = performance.now();
    const snapshot = checkSnapshot(pushed);
    const incoming = { version: pushed.version, contentHash: hashOf(pushed) };
    return this.database.transaction(async (tx) => {
      await store.lock(tx);
      const standing = standingOf(await store.source(tx, pushed.source), incoming);
      if (standing === 'other_content')
        throw refuse('cmdb_rejected', {
          reason: `Version ${pushed.version} of ${pushed.source} was pushed before with another content.`,
        });
      const difference = standing === 'older' ? none : await this.difference(tx, pushed.source, snapshot);
      const result = resultOf(standing === 'older', dryRun, difference);
      const now = this.clock.now();
      if (!dryRun && standing === 'current') {
        await store.saveSource(tx, pushed.source, incoming);
        await this.apply(tx, pushed.source, difference, now);
      }
      const push: CmdbPush = {
        id: randomUUID(),
        source: pushed.source,
        version: pushed.version,
        dryRun,
        at: now.toISOString(),
        durationMs: Math.round(performance.now() - startedAtMs),
        result,
        counts: countsOf(difference, snapshot),
        rejected: snapshot.rejected.slice(0, listedRejections),
      };
      await store.savePush(tx, push);
      return push;
    });
  }

  private async difference(tx: Tx, source: string, snapshot: Snapshot): Promise<Difference> {
    return differenceOf(await store.catalogue(tx, source), snapshot, source, await store.slugs(tx));
  }

  private async apply(tx: Tx, source: string, difference: Difference, now: Date): Promise<void> {
    await store.save(tx, source, difference, now);
    const projects = changedRows(difference.projects).map((row) =>
      this.outbox.saying(projectState, projectStateOf(row, now)),
    );
    const services = changedRows(difference.services).map((row) =>
      this.outbox.saying(catalogServiceState, serviceStateOf(row, now)),
    );
    await this.outbox.appendAll(tx, [...projects, ...services]);
  }
}

function resultOf(isOlder: boolean, dryRun: boolean, difference: Difference): CmdbPush['result'] {
  if (isOlder) return 'older';
  if (dryRun) return 'dry_run';
  return isEmpty(difference) ? 'unchanged' : 'applied';
}
