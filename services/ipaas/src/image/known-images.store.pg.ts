import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { RunningImage } from './known-images.js';

/** Images of the releases that run, of the services that the caller may see. */
@Injectable()
export class KnownImagesStore {
  running(tx: Pick<Tx, 'query'>, scopes: readonly string[] | null): Promise<RunningImage[]> {
    return tx.query<RunningImage>(
      `select distinct s.project, r.image
       from service s
       join service_release r on r.service_uid = s.uid
         and r.number = coalesce(s.live_release, s.target_release, s.candidate_release)
       where $1::text[] is null or s.project || '/' || s.environment = any($1)
       order by s.project, r.image
       limit 1000`,
      [scopes],
    );
  }
}
