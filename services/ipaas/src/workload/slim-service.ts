import { plainRow, type Projection } from '@berth/clients/kubernetes';
import { z } from 'zod';

/** What is kept of a Service object. */
export interface SlimService {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly type: string;
  readonly clusterIp?: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly targetPort: number | string;
    readonly nodePort?: number;
  }[];
  readonly deletionTimestamp?: string;
}

const text = z.record(z.string(), z.string());
const serviceSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    name: z.string(),
    namespace: z.string(),
    resourceVersion: z.string(),
    labels: text.default({}),
    annotations: text.default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    type: z.string().default('ClusterIP'),
    clusterIP: z.string().optional(),
    selector: text.default({}),
    ports: z
      .array(
        z.object({
          name: z.string().default(''),
          port: z.number(),
          targetPort: z.union([z.number(), z.string()]).optional(),
          nodePort: z.number().optional(),
        }),
      )
      .default([]),
  }),
});

export const serviceProjection: Projection<SlimService> = { kind: 'Service', project: projectService };

/** Throws a ZodError for something that is no Service. */
export function projectService(object: unknown): SlimService {
  const { metadata, spec } = serviceSchema.parse(object);
  const { deletionTimestamp, ...identity } = metadata;
  return plainRow<SlimService>({
    ...identity,
    type: spec.type,
    selector: spec.selector,
    ...(spec.clusterIP && spec.clusterIP !== 'None' && { clusterIp: spec.clusterIP }),
    ...(deletionTimestamp && { deletionTimestamp }),
    ports: spec.ports.map(({ name, port, targetPort = port, nodePort }) => ({
      name,
      port,
      targetPort,
      ...(nodePort && { nodePort }),
    })),
  });
}
