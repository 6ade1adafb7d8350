import { ClusterName, ClusterPhase, EnvironmentName } from '@berth/contracts';
import { z } from 'zod';
import { Time } from './common.js';

export const ClusterParams = z.strictObject({ cluster: ClusterName });
/** Something for people, as a code with its numbers. */
const Said = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
const Resources = z.object({ cpuMillis: z.number(), memoryMiB: z.number(), pods: z.number() });

export const Cluster = z.object({
  name: z.string(),
  displayName: z.string(),
  site: z.string(),
  reach: z.enum(['podIP', 'nodePort']),
  phase: ClusterPhase,
  /** The proof in English. */
  reason: z.string(),
  /** What was seen when the phase began, as codes with numbers; empty when only the sentence was kept. */
  proof: z.array(Said),
  since: Time,
  epoch: z.number().int(),
  version: z.string().nullable(),
  watch: z.enum(['connecting', 'live', 'stale', 'denied']),
  heardAt: Time.nullable(),
  probe: z.object({ at: Time, kind: z.string(), latencyMs: z.number() }).nullable(),
  /** What there is, what Berth and others ask of it, and what Berth's containers may use at most. */
  capacity: z
    .object({
      allocatable: Resources,
      reserved: Resources,
      foreign: Resources,
      limits: z.object({ cpuMillis: z.number(), memoryMiB: z.number() }),
    })
    .nullable(),
  nodes: z.array(
    z.object({
      name: z.string(),
      ready: z.boolean(),
      schedulable: z.boolean(),
      allocatable: Resources,
      requested: Resources,
      /** The same for nodes that run on one machine (its kernel), also of different clusters. */
      machine: z.string().optional(),
    }),
  ),
  services: z.number().int(),
  /** Environments that may use it. */
  environments: z.array(EnvironmentName),
});
export type Cluster = z.infer<typeof Cluster>;

/** A kubeconfig is checked and sealed by ipaas; the answer has what the registration needs and no secret. */
export const ClusterCredentialBody = z.strictObject({ name: ClusterName, kubeconfig: z.string().min(1).max(200_000) });
export const PreflightCheck = z.object({
  name: z.enum(['reachable', 'version', 'rights', 'nodes', 'image_pull', 'storage_class', 'foreign_objects']),
  state: z.enum(['ok', 'warning', 'failed']),
  /** What was found, as a code with its numbers. */
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The same in English. */
  detail: z.string(),
});
export const ClusterCredential = z.object({
  credential: z.object({ name: z.string(), version: z.number().int() }).nullable(),
  apiServer: z.string(),
  caPem: z.string(),
  checks: z.array(PreflightCheck),
});

export const RegisterClusterBody = z.strictObject({
  name: ClusterName,
  displayName: z.string().trim().min(1).max(100),
  site: z.string().trim().max(100),
  reach: z.enum(['podIP', 'nodePort']),
  apiServer: z.url(),
  caPem: z.string().max(50_000),
  credential: z.strictObject({ name: z.string(), version: z.number().int().positive() }),
});
