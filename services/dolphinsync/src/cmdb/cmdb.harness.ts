import { Outbox } from '@berth/platform/outbox';
import { SystemClock } from '@berth/platform/clock';
import { serviceState, type ServiceStateData } from '@berth/contracts';
import { aMessage, anEnvelope, testDatabase } from '@berth/testing';
import { randomUUID } from 'node:crypto';
import { MappingService } from '../mapping/mapping.service.js';
import { migrations } from '../migrations/index.js';
import { RunningMessages } from '../running/running.messages.controller.js';
import { SourceService } from '../source/source.service.js';
import { VanishedService } from '../vanished/vanished.service.js';
import { CatalogueWriter } from './catalogue-writer.js';
import { CmdbReader } from './cmdb.reader.js';
import { CmdbPushes, type Pushed } from './cmdb.service.js';

export const admin = { id: 'u-1', name: 'chen', channel: 'portal' as const };
const cmdb = { id: 'token:1', name: 'CMDB', channel: 'cmdb' as const };

export const line = { cmdbId: 'l1', code: 'wealth', name: '财富', allowsUnregistered: true };
export const project = { cmdbId: 'p1', code: 'shop', name: '商城', businessLine: 'l1' };
export const service = { cmdbId: 's1', code: 'cart', name: '购物车', project: 'p1' };
type Change = Partial<Pick<Pushed, 'businessLines' | 'projects' | 'services' | 'sample'>>;
export const snapshot = (version: number, change: Change = {}): Pushed => ({
  source: 'cmdb',
  version,
  businessLines: [line],
  projects: [project],
  services: [service],
  ...change,
});
export const delta = (
  baseVersion: number,
  change: Change & { removed?: Partial<NonNullable<Pushed['removed']>> } = {},
): Pushed => ({
  source: 'cmdb',
  version: baseVersion + 1,
  baseVersion,
  businessLines: [],
  projects: [],
  services: [],
  ...change,
  removed: { businessLines: [], projects: [], services: [], ...change.removed },
});

/** dolphinsync on a database of its own, driven through its services and message handlers. */
export async function aCmdb(limits = { percent: 20, percentFrom: 10, rows: 200 }) {
  const at = await testDatabase('dolphinsync', migrations);
  const clock = new SystemClock();
  const outbox = new Outbox('dolphinsync', clock, () => undefined);
  const writer = new CatalogueWriter(outbox);
  const pushes = new CmdbPushes(at.database, writer, clock, limits);
  const vanished = new VanishedService(at.database, writer, clock);
  const sources = new SourceService(at.database, writer, outbox, clock);
  const messages = new RunningMessages(vanished, sources);
  return {
    ...{ database: at.database, vanished, sources, messages },
    reader: new CmdbReader(at.database),
    mapping: new MappingService(at.database, outbox, clock),
    close: () => at.close(),
    push: (pushed: Pushed, dryRun = false) => pushes.push(pushed, { dryRun, by: cmdb }),

    /** ipaas says that this service is there, with so many replicas. */
    async runs(key: string, desired = 2): Promise<string> {
      const uid = randomUUID();
      await at.database.transaction((tx) =>
        messages.serviceState(aMessage(serviceState, running(key, uid, desired)), tx),
      );
      return uid;
    },
    /** ipaas says that it is gone. */
    async isGone(key: string, uid: string): Promise<void> {
      const envelope = anEnvelope(serviceState, key, { uid });
      await at.database.transaction((tx) => messages.serviceState({ envelope, data: null }, tx));
    },
    /** Types, keys and values of what was said since the last call, but for how the source stands. */
    async said(): Promise<[string, Record<string, unknown>][]> {
      const rows = await at.database.query<{ stream: string; key: string; data: string }>(
        'with gone as (delete from outbox returning *) select * from gone order by position',
      );
      return rows
        .filter(({ stream }) => stream !== 'dolphinsync.state.cmdb-source.v1')
        .map(({ key, data }) => [key, JSON.parse(data) as unknown as Record<string, unknown>]);
    },
    async everythingSaid(): Promise<number> {
      const [row] = await at.database.query<{ rows: number }>('select count(*)::int as rows from outbox');
      return row?.rows ?? 0;
    },
    /** Changes whenever a row of what the CMDB said is written, even to the same value. */
    fingerprint(): Promise<unknown> {
      return at.database.query(
        `select (select array_agg(xmin::text || ctid::text order by ctid) from business_line) as lines,
           (select array_agg(xmin::text || ctid::text order by ctid) from project) as projects,
           (select array_agg(xmin::text || ctid::text order by ctid) from catalog_service) as services,
           (select array_agg(xmin::text || ctid::text order by ctid) from vanished) as vanished`,
      );
    },
  };
}
export type Cmdb = Awaited<ReturnType<typeof aCmdb>>;

function running(key: string, uid: string, desired: number): ServiceStateData {
  return {
    ...{ key, uid, name: key, state: desired > 0 ? 'running' : 'stopped', reason: null, desired, ready: desired },
    clusters: [{ cluster: 'beijing', desired, ready: desired, updated: desired, fresh: true }],
    ...{ specVersion: 1, appliedGeneration: 1, settledGeneration: 1, release: 1, image: 'shop/cart:1', size: null },
    ...{ lastChange: null, updatedAt: '2026-11-21T09:00:00.000Z' },
  };
}
