import { z } from 'zod';
import { Actor } from './envelope.js';
import { defineEvent, eventStream } from './define.js';
import { IsoTime, Uid, type ServiceName } from './names.js';
import { Problem } from './problem.js';
import { tolerant } from './spec.js';

/** An operation is one attempt. It ends in exactly one of the last five states. */
export const operationStates = [
  'accepted',
  'running',
  'succeeded',
  'refused',
  'failed',
  'superseded',
  'cancelled',
] as const;
export const OperationState = z.enum(operationStates);
export type OperationState = z.infer<typeof OperationState>;

/** True for the five final states. */
export function isFinal(state: OperationState): boolean {
  return state !== 'accepted' && state !== 'running';
}

/** What an operation does, for its title in words. */
export const operationKinds = [
  'service.deploy',
  'service.upgrade',
  'service.rollback',
  'service.restart',
  'service.delete',
  'service.scale',
  'service.split',
  'service.start',
  'service.stop',
  'service.pause',
  'service.resume',
  'cluster.register',
  'cluster.readmit',
  'cluster.remove',
  'cmdb.sync',
  'cmdb.remove',
  'cmdb.restore',
] as const;
export const OperationKind = z.enum(operationKinds);
export type OperationKind = z.infer<typeof OperationKind>;

const Params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** What a step says, as a code with its numbers: the portal puts it in the reader's words. */
export const StepFact = z.object({ code: z.string().max(60), params: Params.optional() });
export type StepFact = z.infer<typeof StepFact>;

/** One cluster's share of the replicas, and why it is this one. */
export const StepShare = z.object({
  cluster: z.string(),
  replicas: z.number().int().nonnegative(),
  reason: z.object({ code: z.string(), params: Params.optional() }),
});
export type StepShare = z.infer<typeof StepShare>;

/** One step of an operation, named by a code the portal translates; `cluster` is set for the steps that happen once per cluster. */
export const OperationStep = z.object({
  name: z.enum([
    'check',
    'record_release',
    'split_replicas',
    'namespace',
    'apply',
    'pull',
    'start',
    'ready',
    'drain',
    'remove',
    'undo',
    'finish',
  ]),
  cluster: z.string().optional(),
  state: z.enum(['running', 'done', 'failed', 'waiting']),
  startedAt: IsoTime,
  endedAt: IsoTime.optional(),
  /** The same as `fact` in English, for API users: `ready 1/2`. */
  detail: z.string().max(500).optional(),
  fact: StepFact.optional(),
  /** Of `split_replicas`: a row a cluster. */
  split: z.array(StepShare).optional(),
  /** Of a cluster that is waited for: what was seen of it, as its page says it. */
  proof: z.array(StepFact).max(20).optional(),
  attempts: z.number().int().positive().optional(),
});
export type OperationStep = z.infer<typeof OperationStep>;

/** One side of what an operation changes: as much of it as the operation touches. */
const OperationSide = z.object({
  release: z.number().int().positive().optional(),
  /** `repository:tag` as a reader wants it. */
  image: z.string().max(600).optional(),
  replicas: z.number().int().nonnegative().optional(),
  policy: tolerant.PlacementPolicy.optional(),
});

/** What an operation changes, known when it begins; `from` is missing where there was nothing before. */
export const OperationEffect = z.object({ from: OperationSide.optional(), to: OperationSide });
export type OperationEffect = z.infer<typeof OperationEffect>;

/** What changed about an operation. Only the conductor (owner of the command) sends `state`; others may add `steps`. */
export const OperationChange = z.object({
  operationId: Uid,
  kind: OperationKind,
  /** Scope path of what it is about: a service key, a cluster name. */
  target: z.string(),
  actor: Actor.optional(),
  state: OperationState.optional(),
  steps: z.array(OperationStep).optional(),
  effect: OperationEffect.optional(),
  problem: Problem.optional(),
  result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Somebody asked to cancel it, and this is why that changed nothing: it had ended, or there is no way back. */
  cancelRefused: Problem.optional(),
});
export type OperationChange = z.infer<typeof OperationChange>;

const operationStream = <const Owner extends ServiceName>(owner: Owner) => eventStream(owner, 'operation', ['gateway']);

/** The operation events of one conductor, keyed by operation id. */
function operationChanged<const Owner extends ServiceName>(owner: Owner) {
  return defineEvent({
    type: `${owner}.operation.changed.v1`,
    stream: operationStream(owner),
    consumers: ['gateway'],
    schema: OperationChange,
    key: (data) => data.operationId,
    summary: `State, steps, problem or result of an operation that ${owner} conducts or takes part in.`,
  });
}

export const ipaasOperationChanged = operationChanged('ipaas');
export const clusterMgrOperationChanged = operationChanged('cluster-mgr');
export const dolphinsyncOperationChanged = operationChanged('dolphinsync');
