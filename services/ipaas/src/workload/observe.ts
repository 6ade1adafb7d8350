import type { Observed } from '../service/service.js';
import { berthLabels, type SlimDeployment, type SlimPod } from '@berth/clients/kubernetes';
import type { Cause } from '../container/cause.js';
import type { ExternalChange } from './external-changes.js';
import { decisionAnnotations, restartAnnotation, type Target } from './objects.js';
import { decisionOf } from './plan.js';

/** What a cluster says of a service: the row of `service_observed` without its time. */
export interface ObservedRow extends Observed {
  readonly serviceUid: string;
  readonly externalChanges: readonly ExternalChange[];
}

export interface ObserveInput {
  readonly target: Target;
  /** Of this incarnation; null when there is none. */
  readonly deployment: SlimDeployment | null;
  readonly cause: Cause | null;
  readonly fresh: boolean;
  readonly externalChanges: readonly ExternalChange[];
}

/** The row for what the Deployment carries and says now; pure. */
export function observedRow({ target, deployment, cause, fresh, externalChanges }: ObserveInput): ObservedRow {
  const { serviceUid, cluster } = target;
  const rest = {
    serviceUid,
    cluster,
    causeCode: cause?.code ?? null,
    causeDetail: cause?.detail ?? null,
    causeEnd: cause?.end ?? null,
    fresh,
    externalChanges,
  };
  if (!deployment) return { ...rest, ...nothingThere };
  const { total, updated, ready, available } = deployment.replicas;
  return {
    ...rest,
    ...decisionOf(deployment),
    release: Number(deployment.labels[berthLabels.release] ?? 0),
    restartToken: deployment.annotations[restartAnnotation] ?? null,
    replicas: total,
    updated,
    ready,
    available,
    halted: deployment.paused,
    rolledOut: isRolledOut(target, deployment),
  };
}

const nothingThere = {
  generation: 0,
  epoch: 0,
  release: 0,
  restartToken: null,
  replicas: 0,
  updated: 0,
  ready: 0,
  available: 0,
  halted: false,
  rolledOut: false,
};

/** True when the cluster has worked on exactly this target to its end: every container is of the new template, none of an old one. */
function isRolledOut(target: Target, deployment: SlimDeployment): boolean {
  const { spec, total, updated, available } = deployment.replicas;
  const wanted = decisionAnnotations(target);
  return (
    !deployment.deletionTimestamp &&
    Object.entries(wanted).every(([key, value]) => deployment.annotations[key] === value) &&
    deployment.observedGeneration >= deployment.generation &&
    [spec, total, updated, available].every((count) => count === target.replicas)
  );
}

/** Containers of the service that a Secret keeps from starting. */
export function lacksSecrets(pods: readonly SlimPod[]): boolean {
  return pods.some((pod) => pod.state.waiting?.reason === 'CreateContainerConfigError');
}
