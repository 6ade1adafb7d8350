import { z } from 'zod';
import { berthAnnotations, berthFieldManager } from './labels.js';
import { identityOf, metadataSchema, optional, ownEntries, serviceOf } from './metadata.js';
import { plainRow } from './plain.js';
import type { FieldOwner, SlimCondition, SlimDeployment } from './slim.js';
import type { Projection } from './watch.js';

const managedFieldsSchema = z.array(
  z.object({
    manager: z.string().optional(),
    time: z.string().optional(),
    subresource: z.string().optional(),
    fieldsV1: z.unknown().optional(),
  }),
);

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().nullish(),
});

const deploymentSchema = z.object({
  metadata: metadataSchema.extend({ managedFields: managedFieldsSchema.optional() }),
  spec: z.object({
    replicas: z.number().optional(),
    paused: z.boolean().optional(),
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string().optional() })) }),
    }),
  }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      replicas: z.number().optional(),
      updatedReplicas: z.number().optional(),
      readyReplicas: z.number().optional(),
      availableReplicas: z.number().optional(),
      conditions: z.array(conditionSchema).optional(),
    })
    .optional(),
});

/** Deployments as slim rows; managed fields are kept because they tell who edited by hand. */
export const deploymentProjection: Projection<SlimDeployment> = {
  kind: 'Deployment',
  keepManagedFields: true,
  project: projectDeployment,
};

/** Throws a ZodError for something that is no Deployment. */
export function projectDeployment(object: unknown): SlimDeployment {
  const { metadata, spec, status = {} } = deploymentSchema.parse(object);
  const main = spec.template.spec.containers[0];
  const condition = (type: string) => conditionOf(status.conditions?.find((c) => c.type === type));
  const owner = (path: readonly string[]) => foreignOwner(metadata.managedFields ?? [], path);
  return plainRow<SlimDeployment>({
    ...identityOf(metadata),
    ...serviceOf(metadata),
    namespace: metadata.namespace ?? '',
    labels: ownEntries(metadata.labels),
    annotations: ownEntries(metadata.annotations),
    generation: metadata.generation ?? 0,
    observedGeneration: status.observedGeneration ?? 0,
    paused: spec.paused ?? false,
    replicas: {
      spec: spec.replicas ?? 1,
      total: status.replicas ?? 0,
      updated: status.updatedReplicas ?? 0,
      ready: status.readyReplicas ?? 0,
      available: status.availableReplicas ?? 0,
    },
    foreignManagers: optional({
      replicas: owner(['f:spec', 'f:replicas']),
      image: owner([
        'f:spec',
        'f:template',
        'f:spec',
        'f:containers',
        `k:${JSON.stringify({ name: main?.name })}`,
        'f:image',
      ]),
    }),
    ...optional({
      templateHash: metadata.annotations?.[berthAnnotations.templateHash],
      progressing: condition('Progressing'),
      available: condition('Available'),
      image: main?.image,
    }),
  });
}

function conditionOf(condition: z.output<typeof conditionSchema> | undefined): SlimCondition | undefined {
  if (!condition) return undefined;
  const { status, reason, message } = condition;
  return { status, ...optional({ reason, message, since: condition.lastTransitionTime ?? undefined }) };
}

/** The latest manager other than us that owns the field. Status writers are the cluster itself. */
function foreignOwner(fields: z.output<typeof managedFieldsSchema>, path: readonly string[]): FieldOwner | undefined {
  const owners = fields
    .filter(({ manager, subresource }) => manager !== berthFieldManager && subresource !== 'status')
    .filter(({ fieldsV1 }) => owns(fieldsV1, path))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  const latest = owners[0];
  return latest && { manager: latest.manager ?? 'unknown', ...optional({ at: latest.time }) };
}

function owns(fields: unknown, path: readonly string[]): boolean {
  let at: unknown = fields;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !(step in at)) return false;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return true;
}
