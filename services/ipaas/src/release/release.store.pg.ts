import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { NewRelease, Release, ReleaseResult } from './release.js';

const columns = `service_uid as "serviceUid", number, spec_version as "specVersion", kind, from_release as "fromRelease",
  spec, image, renderer_version as "rendererVersion", actor, cause, operation_id as "operationId", result,
  created_at as "createdAt", ready_at as "readyAt"`;

/** Table `service_release`. A release is written once; afterwards only its result and the time it became ready. */
@Injectable()
export class ReleaseStore {
  async insert(tx: Tx, release: NewRelease): Promise<void> {
    await tx.query(
      `insert into service_release (service_uid, number, spec_version, kind, from_release, spec, image, rendered,
         renderer_version, actor, cause, operation_id, result, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        release.serviceUid,
        release.number,
        release.specVersion,
        release.kind,
        release.fromRelease,
        JSON.stringify(release.spec),
        JSON.stringify(release.image),
        JSON.stringify(release.rendered),
        release.rendererVersion,
        JSON.stringify(release.actor),
        release.cause,
        release.operationId,
        release.result,
        release.createdAt,
      ],
    );
  }

  /** The releases with these numbers, by number. */
  async some(
    tx: Pick<Tx, 'query'>,
    serviceUid: string,
    numbers: readonly (number | null)[],
  ): Promise<Map<number, Release>> {
    const wanted = numbers.filter((number) => number !== null);
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<Release>(
      `select ${columns} from service_release where service_uid = $1 and number = any($2::int[])`,
      [serviceUid, wanted],
    );
    return new Map(rows.map((release) => [release.number, release]));
  }

  /** Newest first, below `before` when given. */
  async page(tx: Pick<Tx, 'query'>, serviceUid: string, before: number | null, limit: number): Promise<Release[]> {
    return tx.query<Release>(
      `select ${columns} from service_release where service_uid = $1 and ($2::int is null or number < $2)
       order by number desc limit $3`,
      [serviceUid, before, limit],
    );
  }

  /** Number of the newest release that became ready everywhere, leaving out one that is not well now. */
  async lastGood(tx: Pick<Tx, 'query'>, serviceUid: string, ill: number | null): Promise<number | null> {
    const rows = await tx.query<{ number: number | null }>(
      `select max(number) as number from service_release
       where service_uid = $1 and result = 'available' and number is distinct from $2::int`,
      [serviceUid, ill],
    );
    return rows[0]?.number ?? null;
  }

  async nextNumber(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<number> {
    const rows = await tx.query<{ next: number }>(
      'select coalesce(max(number), 0) + 1 as next from service_release where service_uid = $1',
      [serviceUid],
    );
    return rows[0]?.next ?? 1;
  }

  async setResult(tx: Tx, serviceUid: string, number: number, result: ReleaseResult, now: Date): Promise<void> {
    await tx.query(
      `update service_release set result = $3::text, ready_at = case when $3::text = 'available' then coalesce(ready_at, $4) else ready_at end
       where service_uid = $1 and number = $2`,
      [serviceUid, number, result, now],
    );
  }

  /** A candidate that never got a place: nothing was made, so its number is free again. */
  async drop(tx: Tx, serviceUid: string, number: number): Promise<void> {
    await tx.query('delete from service_release where service_uid = $1 and number = $2', [serviceUid, number]);
  }
}
