import { berthAnnotations, berthLabels, type SlimDeployment, type SlimNamespace } from '@berth/clients/kubernetes';
import { decisionAnnotations, deploymentOf, imageOf, namespaceLabels, placeOf, type Target } from './objects.js';
import { restartAnnotation } from './objects.js';
import { serviceMatches } from './service-object.js';
import type { SlimService } from './slim-service.js';
import type { PlannedFrom, Step } from './step.js';

/** Everything of one service in one cluster, as it was last heard. Only objects with our installation's label. */
export interface Observed {
  readonly namespace: SlimNamespace | null;
  readonly deployment: SlimDeployment | null;
  readonly service: SlimService | null;
  /** Names of this incarnation's Secret objects; looked up only for a removal. */
  readonly secrets: readonly (PlannedFrom & { readonly name: string })[];
  /** Containers of this incarnation that are still there. */
  readonly pods: number;
  /** What our last write of the Deployment left; null when that is not known. */
  readonly applied: { readonly deploymentUid: string; readonly objectGeneration: number } | null;
  /** A container cannot start because a Secret is missing. */
  readonly lacksSecrets: boolean;
  /** A credential that a service there names is not, or not as entered, in the namespace. */
  readonly lacksRegistrySecrets: boolean;
  /** The cluster refused our last write in this namespace. */
  readonly wasForbidden: boolean;
}

/** Somebody else changed what is ours. */
export interface Edit {
  readonly field: 'replicas' | 'image' | 'template' | 'deleted';
  readonly manager: string | null;
  readonly at: string | null;
  /** What is desired and what was found, where a word says it. */
  readonly desired: string | null;
  readonly observed: string | null;
}

export interface Blocked {
  readonly code: 'foreign_namespace' | 'foreign_object' | 'name_in_use' | 'terminating' | 'fenced';
  readonly detail: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly edit: Edit | null;
  /** Why nothing may be done although something would have to. */
  readonly blocked: Blocked | null;
  /** Only for a removal: nothing of the service is left. */
  readonly gone: boolean;
}

/** What must be done so that the cluster is as desired; pure. Doing it makes the next plan empty. */
export function plan(target: Target, observed: Observed, installationId: string): Plan {
  const blocked = blockedBy(target, observed, installationId);
  if (target.phase === 'remove') return planRemoval(target, observed, blocked);
  if (blocked) return { steps: [], edit: null, blocked, gone: false };
  if (observed.deployment?.deletionTimestamp) return waiting;
  const namespace = planNamespace(target, observed, installationId);
  const service = planService(target, observed);
  const deployment = planDeployment(target, observed);
  const needsSecrets = deployment.rolls || observed.lacksSecrets;
  return {
    // The namespace first; what containers need before them; the Service first too, so that they are found when ready.
    steps: [
      ...namespace,
      ...(needsSecrets ? planSecrets(target) : []),
      ...planRegistrySecrets(target, observed),
      ...service,
      ...deployment.steps,
    ],
    edit: deployment.edit,
    blocked: null,
    gone: false,
  };
}

const waiting: Plan = { steps: [], edit: null, blocked: null, gone: false };

function blockedBy(target: Target, { namespace, deployment }: Observed, installationId: string): Blocked | null {
  const place = placeOf(target.key);
  if (namespace && namespace.labels[berthLabels.installation] !== installationId)
    return { code: 'foreign_namespace', detail: `the namespace ${place.namespace} is not marked as ours` };
  if (namespace?.deletionTimestamp)
    return { code: 'terminating', detail: `the namespace ${place.namespace} is being deleted` };
  if (!deployment) return null;
  if (deployment.serviceUid !== target.serviceUid)
    return { code: 'name_in_use', detail: `the Deployment ${place.name} belongs to an earlier service of this name` };
  if (isNewer(decisionOf(deployment), target))
    return { code: 'fenced', detail: `the Deployment ${place.name} carries a newer decision than this one` };
  return null;
}

interface Decision {
  readonly epoch: number;
  readonly generation: number;
}

/** The decision that a live Deployment carries; 0 when it carries none. */
export function decisionOf({ annotations }: SlimDeployment): Decision {
  return {
    epoch: Number(annotations[berthAnnotations.epoch] ?? 0),
    generation: Number(annotations[berthAnnotations.generation] ?? 0),
  };
}

function isNewer(a: Decision, b: Decision): boolean {
  return a.epoch !== b.epoch ? a.epoch > b.epoch : a.generation > b.generation;
}

function planNamespace(target: Target, { namespace, wasForbidden }: Observed, installationId: string): Step[] {
  const labels = namespaceLabels(target.key, installationId);
  const isMarked = namespace && Object.entries(labels).every(([key, value]) => namespace.labels[key] === value);
  // Rights in a namespace are bound after it is made; a crash in between shows as a refusal.
  if (isMarked && !wasForbidden) return [];
  return [{ kind: 'ensureNamespace', namespace: placeOf(target.key).namespace, labels }];
}

function planSecrets({ key, serviceUid, rendered }: Target): Step[] {
  const { namespace } = placeOf(key);
  return rendered.secrets.map((secret) => ({ kind: 'ensureSecret', namespace, serviceUid, secret }));
}

function planRegistrySecrets({ key }: Target, { lacksRegistrySecrets }: Observed): Step[] {
  return lacksRegistrySecrets ? [{ kind: 'ensureRegistrySecrets', namespace: placeOf(key).namespace }] : [];
}

function planService({ rendered, serviceUid }: Target, { service }: Observed): Step[] {
  const live = service && service.labels[berthLabels.serviceUid] === serviceUid ? service : null;
  if (live?.deletionTimestamp) return [];
  if (!rendered.service)
    return live ? [{ kind: 'deleteService', namespace: live.namespace, name: live.name, from: plannedFrom(live) }] : [];
  if (live && serviceMatches(rendered.service, live)) return [];
  return [{ kind: 'applyService', object: rendered.service, from: service ? plannedFrom(service) : null }];
}

interface DeploymentPlan {
  readonly steps: readonly Step[];
  readonly edit: Edit | null;
  /** Containers will be made from a template that may need Secrets which are not there yet. */
  readonly rolls: boolean;
}

function planDeployment(target: Target, { deployment, applied }: Observed): DeploymentPlan {
  const apply = (from: PlannedFrom | null, because: readonly string[]): Step => ({
    kind: 'applyDeployment',
    object: deploymentOf(target),
    serviceUid: target.serviceUid,
    from,
    because,
  });
  if (!deployment) {
    const edit: Edit | null = applied
      ? { field: 'deleted', manager: null, at: null, desired: null, observed: null }
      : null;
    return { steps: [apply(null, ['absent'])], edit, rolls: true };
  }
  const decided = decidedDifferences(target, deployment);
  const drifted = driftOf(target, deployment, applied);
  if (decided.length === 0 && drifted.length === 0) return { steps: [], edit: null, rolls: false };
  return {
    steps: [apply(plannedFrom(deployment), [...decided, ...drifted])],
    edit: decided.length === 0 ? editOf(drifted, target, deployment) : null,
    rolls: decided.includes('template'),
  };
}

/** What a new decision of ours changes. */
function decidedDifferences(target: Target, { annotations, labels }: SlimDeployment): string[] {
  const names: Record<string, string> = {
    [berthAnnotations.templateHash]: 'template',
    [berthAnnotations.generation]: 'generation',
    [berthAnnotations.epoch]: 'epoch',
    [restartAnnotation]: 'restart',
  };
  const wanted = decisionAnnotations(target);
  const differences = Object.keys(names).filter((key) => annotations[key] !== wanted[key]);
  const isOtherRelease = labels[berthLabels.release] !== String(target.release);
  return [...differences.map((key) => names[key] ?? key), ...(isOtherRelease ? ['release'] : [])];
}

type Drift = 'replicas' | 'paused' | 'image' | 'edited' | 'unrecorded';

/** What differs although it carries our decision. */
function driftOf(target: Target, live: SlimDeployment, applied: Observed['applied']): Drift[] {
  const isOurs = applied?.deploymentUid === live.uid;
  return [
    ...(live.replicas.spec !== target.replicas ? ['replicas' as const] : []),
    ...(live.paused !== target.halted ? ['paused' as const] : []),
    ...(live.image !== imageOf(target.rendered) ? ['image' as const] : []),
    // Any change of the spec raises the generation: one that we did not make was made by somebody else.
    ...(isOurs && applied.objectGeneration !== live.generation ? ['edited' as const] : []),
    ...(isOurs ? [] : ['unrecorded' as const]),
  ];
}

function editOf(drifted: readonly Drift[], target: Target, live: SlimDeployment): Edit | null {
  const by = (owner: { manager: string; at?: string } | undefined) => ({
    manager: owner?.manager ?? null,
    at: owner?.at ?? null,
  });
  const { foreignManagers } = live;
  if (drifted.includes('image')) {
    const words = { desired: imageOf(target.rendered) ?? null, observed: live.image ?? null };
    return { field: 'image', ...by(foreignManagers.image), ...words };
  }
  if (drifted.includes('replicas')) {
    const words = { desired: String(target.replicas), observed: String(live.replicas.spec) };
    return { field: 'replicas', ...by(foreignManagers.replicas), ...words };
  }
  // Who wrote replicas or image and has put them back since has raised the generation, and nothing else.
  if (!drifted.includes('paused') && (foreignManagers.image || foreignManagers.replicas)) return null;
  if (drifted.includes('edited') || drifted.includes('paused'))
    return { field: 'template', ...by(undefined), desired: null, observed: null };
  return null;
}

/** The Deployment first; what its containers lean on only when they have ended in their own time. */
function planRemoval(target: Target, observed: Observed, blocked: Blocked | null): Plan {
  const { deployment, pods } = observed;
  const service = observed.service?.labels[berthLabels.serviceUid] === target.serviceUid ? observed.service : null;
  // A namespace or a Deployment that is not of this incarnation is not ours to remove, and leaves nothing of ours.
  if (blocked?.code === 'foreign_namespace') return { steps: [], edit: null, blocked: null, gone: true };
  const own = deployment?.serviceUid === target.serviceUid ? deployment : null;
  if (own) {
    const step: Step = { kind: 'deleteDeployment', namespace: own.namespace, name: own.name, from: plannedFrom(own) };
    return { steps: own.deletionTimestamp ? [] : [step], edit: null, blocked: null, gone: false };
  }
  if (pods > 0) return waiting;
  const { namespace } = placeOf(target.key);
  const steps: Step[] = observed.secrets.map(({ name, ...from }) => ({ kind: 'deleteSecret', namespace, name, from }));
  if (service && !service.deletionTimestamp)
    steps.push({ kind: 'deleteService', namespace, name: service.name, from: plannedFrom(service) });
  return { steps, edit: null, blocked: null, gone: steps.length === 0 && !service };
}

function plannedFrom({ uid, resourceVersion }: PlannedFrom): PlannedFrom {
  return { uid, resourceVersion };
}
