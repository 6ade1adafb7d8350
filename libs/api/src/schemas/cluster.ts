import { ClusterName, ClusterPhase } from '@berth/contracts';
import { z } from 'zod';
import { Time } from './common.js';

export const ClusterParams = z.strictObject({ cluster: ClusterName });
const Resources = z.object({ cpuMillis: z.number(), memoryMiB: z.number(), pods: z.number() });

export const Cluster = z.object({
  name: z.string(),
  displayName: z.string(),
  site: z.string(),
  reach: z.enum(['podIP', 'nodePort']),
  phase: ClusterPhase,
  reason: z.string(),
  since: Time,
  epoch: z.number().int(),
  version: z.string().nullable(),
  watch: z.enum(['connecting', 'live', 'stale', 'denied']),
  heardAt: Time.nullable(),
  probe: z.object({ at: Time, kind: z.string(), latencyMs: z.number() }).nullable(),
  capacity: z.object({ allocatable: Resources, reserved: Resources, foreign: Resources }).nullable(),
  nodes: z.array(
    z.object({
      name: z.string(),
      ready: z.boolean(),
      schedulable: z.boolean(),
      allocatable: Resources,
      requested: Resources,
    }),
  ),
  services: z.number().int(),
});
export type Cluster = z.infer<typeof Cluster>;

/** A kubeconfig is checked and sealed by ipaas; the answer has what the registration needs and no secret. */
export const ClusterCredentialBody = z.strictObject({ name: ClusterName, kubeconfig: z.string().min(1).max(200_000) });
export const PreflightCheck = z.object({
  name: z.enum(['reachable', 'version', 'rights', 'nodes', 'storage_class', 'foreign_objects']),
  state: z.enum(['ok', 'warning', 'failed']),
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
