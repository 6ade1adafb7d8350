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
