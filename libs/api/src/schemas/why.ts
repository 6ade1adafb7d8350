import { ClusterName } from '@berth/contracts';
import { z } from 'zod';
import { differenceFields } from '../difference.js';
import { Time } from './common.js';

/** What can be the matter with a service. The portal has a sentence for each, with the parameters of its row. */
export const findingKinds = [
  /** `limitMiB`, `peakMiB` */
  'out_of_memory',
  /** `probe` http | tcp | command, `port`, `path`; of readiness `reason` nobody_listens | loopback_only when it is refused */
  'readiness_failing',
  'liveness_failing',
  /** Ends with exit code 0: it runs in the background, or has nothing to do. */
  'exits_normally',
  /** `name` */
  'variable_missing',
  /** `secret` when one is missing; `variable` that is there and not accepted; else `exitCode` with which the process said so */
  'config_missing',
  /** `host` */
  'dependency_unresolved',
  /** `address` */
  'dependency_unreachable',
  'command_not_found',
  /** The image wants to run as root. */
  'user_not_allowed',
  /** `image` for the image ones */
  'image_not_found',
  'image_unauthorized',
  'image_wrong_architecture',
  'image_invalid',
  /** `registry` */
  'registry_unreachable',
  /** `cpuMillis`, `memoryMiB` that one container reserves */
  'no_capacity',
  /** `reason` taint | selector | volume | spread, null when the scheduler's words say none: nodes have room and do not suit. */
  'unschedulable',
  'quota',
  /** `cluster` */
  'cluster_silent',
  /** `code` of the refusal */
  'cluster_refuses',
  /** `exitCode`, `signal`: it ends, and nothing says why. */
  'crash',
  'unknown',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export const confidences = ['certain', 'likely', 'possible'] as const;

/** What speaks for a finding. */
export const proofCodes = [
  /** `exitCode`, `reason` */
  'exit_code',
  /** `signal` */
  'signal',
  /** `count`, `minutes` */
  'restarts',
  /** `memoryMiB` */
  'memory_limit',
  'memory_peak',
  /** `probe`, `port`, `path` */
  'probe',
  /** `text`: what the kubelet said when the check failed */
  'probe_said',
  /** `text`: a line of the log */
  'log_line',
  /** `reason`, `text`, `count`: a Kubernetes event */
  'event',
  /** `text`: the cluster's own words */
  'cluster_said',
  /** `at` */
  'silent_since',
  /** `ranSeconds`: how long a run lasted */
  'ran_for',
  /** `release`: it was well with this one */
  'well_before',
  /** `release`, `at`: the release at hand was well itself until then */
  'well_until',
  /** `ready`, `desired` */
  'ready_count',
] as const;
export type ProofCode = (typeof proofCodes)[number];

/** What can be done about it, with what the button needs. */
export const findingActions = [
  /** `field` of the settings, e.g. `image`, `size`, `command`, `variables`, `variable` with its `name` */
  'edit_settings',
  /** `name` */
  'add_variable',
  /** `memoryMiB` */
  'raise_memory',
  /** `probe` readiness | liveness */
  'edit_probe',
  /** `release` */
  'rollback',
  /** `cluster`, `container`, `previous` */
  'open_log',
  'open_events',
  /** `cluster` */
  'open_cluster',
] as const;
export type FindingAction = (typeof findingActions)[number];

const Params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Why a service is not well, as data: the portal says it in the reader's language. */
export const Finding = z.object({
  kind: z.enum(findingKinds),
  params: Params,
  confidence: z.enum(confidences),
  /** Where it was seen: the container that speaks for the others. */
  cluster: z.string().nullable(),
  container: z.string().nullable(),
  since: Time.nullable(),
  proof: z.array(z.object({ code: z.enum(proofCodes), params: Params })),
  /** Number of the last release that became ready everywhere and is not the one that is ill. */
  lastGood: z.number().int().nullable(),
  actions: z.array(z.object({ code: z.enum(findingActions), params: Params })).max(3),
});
export type Finding = z.infer<typeof Finding>;

/** One thing that differs between two releases. Values of sealed variables are versions, never values. */
export const ReleaseChange = z.object({
  field: z.enum(differenceFields),
  /** Of a port, a variable, a secret or a host name. */
  name: z.string().optional(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type ReleaseChange = z.infer<typeof ReleaseChange>;

export const WhyAnswer = z.object({
  asOf: Time,
  /** Null while nothing is wrong. */
  finding: Finding.nullable(),
  /**
   * The last lines of the run that ended, or of the present one where none ended. Null when there is nothing to read, and
   * without the right to read logs: `explainServiceWithLog` has them.
   */
  log: z
    .object({
      cluster: z.string(),
      container: z.string(),
      previous: z.boolean(),
      lines: z.array(z.object({ at: Time.nullable(), text: z.string() })),
    })
    .nullable(),
  /** What the ill release changed since the last good one; null when no other was ever good, or this one was itself. */
  changes: z
    .object({
      from: z.number().int(),
      to: z.number().int(),
      at: Time,
      actor: z.object({ id: z.string(), name: z.string() }),
      cause: z.string().nullable(),
      fields: z.array(ReleaseChange),
    })
    .nullable(),
});
export type WhyAnswer = z.infer<typeof WhyAnswer>;

/** The short form for lists: the finding with its numbers, read from tables alone. */
export const ServiceCause = z.object({
  kind: z.enum(findingKinds),
  params: Params,
  cluster: z.string().nullable(),
  exitCode: z.number().int().nullable(),
  restartsLast10Minutes: z.number().int(),
  since: Time.nullable(),
});
export type ServiceCause = z.infer<typeof ServiceCause>;

/** A GET by the platform to the service itself. Only a port of the live release, and only the service's own addresses. */
export const TryBody = z.strictObject({
  port: z.number().int().min(1).max(65_535),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'a path: starts with / and has no spaces')
    .max(1000),
  /** One cluster; without it the first that has a ready container. */
  cluster: ClusterName.optional(),
});

/** What came back. With `failure` nothing did, and `status` is null. */
export const TryAnswer = z.object({
  cluster: z.string(),
  /** The container that was asked; null when a node's port stands for all of them. */
  container: z.string().nullable(),
  /** `host:port` as it was dialled. */
  address: z.string(),
  ms: z.number(),
  status: z.number().int().nullable(),
  contentType: z.string().nullable(),
  /** The first 2 KB as text; bytes that are no text are replaced. */
  body: z.string(),
  truncated: z.boolean(),
  failure: z.enum(['refused', 'timeout', 'reset', 'not_http']).nullable(),
});
export type TryAnswer = z.infer<typeof TryAnswer>;
