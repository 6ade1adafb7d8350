import type { KubeObject } from '@berth/clients/kubernetes';
import type { SecretUse } from './pod-template.js';

/** Object as it was when the step was planned: another incarnation or version means plan again. */
export interface PlannedFrom {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Arguments of every kind of step. A plan is data: nothing happens until an executor takes it. */
export interface StepArguments {
  /** Marked as ours, restricted, and our rights bound in it. */
  ensureNamespace: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  /** The pull secrets of the services there: which, and of which version, is known when it is done. */
  ensureRegistrySecrets: { readonly namespace: string };
  /** The value is opened only by the executor, never part of a plan. */
  ensureSecret: { readonly namespace: string; readonly serviceUid: string; readonly secret: SecretUse };
  /** `from` null: planned from absence. */
  applyService: { readonly object: KubeObject; readonly from: PlannedFrom | null };
  /** `because`: what differed, for the log. */
  applyDeployment: {
    readonly object: KubeObject;
    readonly from: PlannedFrom | null;
    readonly serviceUid: string;
    readonly because: readonly string[];
  };
  deleteDeployment: { readonly namespace: string; readonly name: string; readonly from: PlannedFrom };
  deleteService: { readonly namespace: string; readonly name: string; readonly from: PlannedFrom };
  deleteSecret: { readonly namespace: string; readonly name: string; readonly from: PlannedFrom };
}

export type StepKind = keyof StepArguments;
export type Step = { [Kind in StepKind]: { readonly kind: Kind } & StepArguments[Kind] }[StepKind];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;
