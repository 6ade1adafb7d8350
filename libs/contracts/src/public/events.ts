import { z } from 'zod';
import { defineEvent, publicStream } from '../kernel/define.js';
import { EnvironmentName, IsoTime, ProjectSlug, ServiceCode, Uid } from '../kernel/names.js';

/** The promise to other internal systems. Frozen: a change is a new version of a message, both are sent for 90 days. */
const services = publicStream('ipaas', 'service');

const where = {
  project: ProjectSlug,
  environment: EnvironmentName,
  service: ServiceCode,
  uid: Uid,
  at: IsoTime,
  by: z.string(),
};
const key = (data: { project: string; environment: string; service: string }) =>
  `${data.project}/${data.environment}/${data.service}`;

export const publicServiceReleased = defineEvent({
  type: 'public.service.released.v1',
  stream: services,
  consumers: [],
  schema: z.object({
    ...where,
    release: z.number().int().positive(),
    kind: z.enum(['deploy', 'upgrade', 'rollback']),
    image: z.string(),
    digest: z.string(),
    cause: z.string().nullable(),
  }),
  key,
  summary: 'A release runs in every cluster it was placed in.',
});

export const publicServiceScaled = defineEvent({
  type: 'public.service.scaled.v1',
  stream: services,
  consumers: [],
  schema: z.object({
    ...where,
    replicas: z.number().int().nonnegative(),
    clusters: z.array(z.object({ cluster: z.string(), replicas: z.number().int().nonnegative() })),
  }),
  key,
  summary: 'The replicas of a service were set, or it was started or stopped.',
});

export const publicServiceDeleted = defineEvent({
  type: 'public.service.deleted.v1',
  stream: services,
  consumers: [],
  schema: z.object(where),
  key,
  summary: 'A service is gone from every cluster that could be reached.',
});

/** Apart from the other events of a service: it comes with every change of its containers. */
const containers = publicStream('ipaas', 'container');

export const publicServiceContainers = defineEvent({
  type: 'public.service.containers.v1',
  stream: containers,
  consumers: [],
  schema: z.object({
    project: ProjectSlug,
    environment: EnvironmentName,
    service: ServiceCode,
    uid: Uid,
    name: z.string(),
    cmdbId: z.string().nullable(),
    owner: z.string().nullable(),
    image: z.string().nullable(),
    release: z.number().int().positive().nullable(),
    size: z.object({ cpuMillis: z.number().int(), memoryMiB: z.number().int() }).nullable(),
    /** All of them, light: what is not here is gone. */
    containers: z.array(
      z.object({ name: z.string(), cluster: z.string(), host: z.string().nullable(), version: z.string().nullable() }),
    ),
    deleted: z.boolean(),
    at: IsoTime,
  }),
  key,
  summary:
    'Which containers a service has and where, for the CMDB. The whole list, said at most every 10 s a service and only when it differs: no restarts, no readiness.',
});
