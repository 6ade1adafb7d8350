import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { RecordBody, StoredRecord } from './cmdb-record.js';

type Reading = Pick<Tx, 'query'>;

/** `repository:tag` of a release, or its short digest. */
const version = (image: string) => `coalesce(${image} ->> 'tag', substr(${image} ->> 'digest', 8, 12))`;

/** Containers count from the moment they have a node: before that the CMDB has no host to write down. */
const wanted = `select s.key, s.uid, jsonb_build_object(
    'name', s.name, 'cmdbId', g.cmdb_id, 'owner', g.owner,
    'image', (r.image ->> 'repository') || ':' || ${version('r.image')}, 'release', r.number, 'size', r.spec -> 'size',
    'containers', (select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'cluster', c.cluster, 'host', c.node,
        'version', ${version('v.image')}) order by c.cluster, c.name), '[]')
      from container c left join service_release v on v.service_uid = s.uid and v.number = c.release
      where c.service_uid = s.uid and c.ended_at is null and c.node is not null)) as body
  from service s
  left join service_release r on r.service_uid = s.uid
    and r.number = coalesce(s.live_release, s.target_release, s.candidate_release)
  left join catalog_service g on g.project = s.project and g.code = s.code and not g.retired`;

/** Records as they were said last, and what would be said now. */
@Injectable()
export class CmdbRecordStore {
  /** Services whose record differs from the one that was said; at most `limit`. */
  changed(tx: Reading, limit: number): Promise<{ key: string; uid: string; body: RecordBody }[]> {
    return tx.query(
      `select w.key, w.uid, w.body from (${wanted}) w left join cmdb_record c on c.key = w.key
       where c.key is null or c.deleted or c.uid <> w.uid or c.body <> w.body order by w.key limit $1`,
      [limit],
    );
  }

  /** Records of services that are no more. */
  gone(tx: Reading, limit: number): Promise<{ key: string; uid: string; body: RecordBody }[]> {
    return tx.query(
      `select key, uid, body from cmdb_record c
       where not deleted and not exists (select from service s where s.key = c.key) order by key limit $1`,
      [limit],
    );
  }

  async save(tx: Tx, rows: readonly StoredRecord[]): Promise<void> {
    await tx.query(
      `insert into cmdb_record (key, uid, body, deleted, changed_at)
       select key, uid, body::jsonb, deleted, changed_at
       from unnest($1::text[], $2::uuid[], $3::text[], $4::boolean[], $5::timestamptz[])
         as r (key, uid, body, deleted, changed_at)
       on conflict (key) do update set uid = excluded.uid, body = excluded.body, deleted = excluded.deleted,
         changed_at = excluded.changed_at`,
      [
        rows.map(({ key }) => key),
        rows.map(({ uid }) => uid),
        rows.map(({ body }) => JSON.stringify(body)),
        rows.map(({ deleted }) => deleted),
        rows.map(({ changedAt }) => changedAt),
      ],
    );
  }

  async forgetGone(tx: Reading, before: Date): Promise<void> {
    await tx.query('delete from cmdb_record where deleted and changed_at < $1', [before]);
  }

  /** In the order of change. */
  page(
    tx: Reading,
    since: Date | null,
    after: readonly [string, string] | null,
    limit: number,
  ): Promise<StoredRecord[]> {
    return tx.query<StoredRecord>(
      `select key, uid, body, deleted, changed_at as "changedAt" from cmdb_record
       where ($1::timestamptz is null or changed_at >= $1)
         and ($2::timestamptz is null or (changed_at, key) > ($2, $3::text))
       order by changed_at, key limit $4`,
      [since, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }
}
