import type { CmdbRecord } from '@berth/api';
import { parseServiceKey, type DataOf, type publicServiceContainers } from '@berth/contracts';

/** What a record says of a service, as it is compared with what was said last. */
export type RecordBody = Pick<CmdbRecord, 'name' | 'cmdbId' | 'owner' | 'image' | 'release' | 'size' | 'containers'>;

export interface StoredRecord {
  readonly key: string;
  readonly uid: string;
  readonly body: RecordBody;
  readonly deleted: boolean;
  readonly changedAt: Date;
}

/** At most one record of a service in this time: what comes and goes in between is never said. */
export const recordsEveryMs = 10_000;
/** How long a service that is gone stays in the list. */
export const goneKeptMs = 30 * 24 * 60 * 60 * 1_000;

/** What is left to say of a service that is gone. */
export function goneBody(body: RecordBody): RecordBody {
  return { ...body, image: null, release: null, size: null, containers: [] };
}

export function recordOf({ key, uid, body, deleted, changedAt }: StoredRecord): CmdbRecord {
  return { key, uid, ...parseServiceKey(key), ...body, deleted, changedAt: changedAt.toISOString() };
}

/** The promise to other systems, field by field: our own record may change, this may not. */
export function publicRecordOf({
  key,
  uid,
  body,
  deleted,
  changedAt,
}: StoredRecord): DataOf<typeof publicServiceContainers> {
  const { project, environment, service } = parseServiceKey(key);
  return {
    project,
    environment,
    service,
    uid,
    name: body.name,
    cmdbId: body.cmdbId,
    owner: body.owner,
    image: body.image,
    release: body.release,
    size: body.size && { cpuMillis: body.size.cpuMillis, memoryMiB: body.size.memoryMiB },
    containers: body.containers.map(({ name, cluster, host, version }) => ({ name, cluster, host, version })),
    deleted,
    at: changedAt.toISOString(),
  };
}
