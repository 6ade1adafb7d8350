import {
  berthLabels,
  isClusterError,
  type ClusterClient,
  type KubeObject,
  type ObjectRef,
  type StoredObject,
} from '@berth/clients/kubernetes';
import { setTimeout as delay } from 'node:timers/promises';
import { StepBlocked } from './failure.js';
import { secretDataKey } from './pod-template.js';
import type { Step, StepKind, StepOf } from './step.js';

/** What executors may use. */
export interface ExecutionContext {
  readonly client: ClusterClient;
  readonly installationId: string;
  readonly signal: AbortSignal;
  /** Opens one version of a sealed variable. */
  readonly openSecret: (serviceUid: string, name: string, version: number) => Promise<string>;
  /** Brings the pull secrets of a namespace to what is entered. */
  readonly syncRegistrySecrets: (namespace: string) => Promise<void>;
  /** Hears of every Deployment as it is after our write. */
  readonly applied: (serviceUid: string, stored: StoredObject) => void;
}

type Executors = { readonly [Kind in StepKind]: (step: StepOf<Kind>, context: ExecutionContext) => Promise<void> };

/** Name of the binding that gives us our rights inside of a namespace that we made. */
const bindingName = 'berth-workloads';

/** One for every kind of step. Each is safe to repeat and touches only what carries our mark. */
const executors: Executors = {
  ensureNamespace: async ({ namespace, labels }, context) => {
    const { client, signal } = context;
    const live = await find(context, { kind: 'Namespace', name: namespace });
    if (live && !isOurs(live, context))
      throw new StepBlocked({ code: 'foreign_namespace', detail: `the namespace ${namespace} is not marked as ours` });
    const object: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
    await client.apply(object, { signal, ...(live && plannedFrom(live)) });
    await bindRights(namespace, context);
  },

  ensureSecret: async ({ namespace, serviceUid, secret }, context) => {
    const live = await find(context, { kind: 'Secret', namespace, name: secret.objectName });
    if (live) return refuseForeign(live, context);
    const value = await context.openSecret(serviceUid, secret.name, secret.version);
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secret.objectName,
        namespace,
        labels: {
          'app.kubernetes.io/managed-by': 'berth',
          [berthLabels.installation]: context.installationId,
          [berthLabels.serviceUid]: serviceUid,
        },
      },
      type: 'Opaque',
      // A version never changes, and the kubelet need not watch it.
      immutable: true,
      data: { [secretDataKey]: Buffer.from(value, 'utf8').toString('base64') },
    };
    await context.client.apply(object, { signal: context.signal });
  },

  ensureRegistrySecrets: ({ namespace }, context) => context.syncRegistrySecrets(namespace),

  applyService: async ({ object, from }, context) => {
    await applyPlanned(object, from, context);
  },

  applyDeployment: async ({ object, from, serviceUid }, context) => {
    context.applied(serviceUid, await applyPlanned(object, from, context));
  },

  deleteDeployment: ({ namespace, name, from }, context) =>
    remove({ kind: 'Deployment', namespace, name }, from, context),
  deleteService: ({ namespace, name, from }, context) => remove({ kind: 'Service', namespace, name }, from, context),
  deleteSecret: ({ namespace, name, from }, context) => remove({ kind: 'Secret', namespace, name }, from, context),
};

/**
 * Does one step.
 * @throws ClusterError; `conflict` means that the plan is no longer true and must be made again. StepBlocked.
 */
export function execute(step: Step, context: ExecutionContext): Promise<void> {
  // The table has an executor of exactly this step's type; the compiler cannot follow that through the union.
  const executor = executors[step.kind] as (step: Step, context: ExecutionContext) => Promise<void>;
  return executor(step, context);
}

type From = { readonly uid: string; readonly resourceVersion: string };

async function applyPlanned(object: KubeObject, from: From | null, context: ExecutionContext): Promise<StoredObject> {
  const { namespace, name } = object.metadata;
  if (from) return context.client.apply(object, { ...from, signal: context.signal });
  // Our watch does not show what is not ours: look before an apply would take it over.
  const live = await findOwn(context, { kind: object.kind, name, ...(namespace && { namespace }) });
  return context.client.apply(object, { signal: context.signal, ...(live && plannedFrom(live)) });
}

async function remove(ref: ObjectRef, from: From, { client, signal }: ExecutionContext): Promise<void> {
  try {
    await client.remove(ref, { ...from, propagation: 'Background', signal });
  } catch (error) {
    if (!isClusterError(error, 'not_found')) throw error;
  }
}

/**
 * A cluster may give us rights only in namespaces of our own, by a binding that we make there. The cluster learns of a new
 * namespace's labels a moment after it is made. Where our rights come otherwise, the role does not exist: then the next
 * step shows whether they are enough.
 */
async function bindRights(namespace: string, { client, installationId, signal }: ExecutionContext): Promise<void> {
  const object: KubeObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {
      name: bindingName,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'berth', [berthLabels.installation]: installationId },
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: bindingName },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: `berth:installation:${installationId}` }],
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.apply(object, { signal });
      return;
    } catch (error) {
      if (isClusterError(error, 'not_found')) return;
      if (!isClusterError(error, 'forbidden')) throw error;
      if (attempt === 4) return;
      await delay(250 * attempt, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function find(
  { client, signal }: Pick<ExecutionContext, 'client' | 'signal'>,
  ref: ObjectRef,
): Promise<StoredObject | null> {
  try {
    return await client.get(ref, { signal });
  } catch (error) {
    if (isClusterError(error, 'not_found')) return null;
    throw error;
  }
}

/** What stands there of ours, or null. @throws StepBlocked when it stands there and is not ours. */
export async function findOwn(
  context: Pick<ExecutionContext, 'client' | 'installationId' | 'signal'>,
  ref: ObjectRef,
): Promise<StoredObject | null> {
  const live = await find(context, ref);
  if (live) refuseForeign(live, context);
  return live;
}

function isOurs({ metadata }: StoredObject, { installationId }: Pick<ExecutionContext, 'installationId'>): boolean {
  return metadata.labels?.[berthLabels.installation] === installationId;
}

function refuseForeign(live: StoredObject, context: Pick<ExecutionContext, 'installationId'>): void {
  if (isOurs(live, context)) return;
  const { kind, metadata } = live;
  throw new StepBlocked({
    code: 'foreign_object',
    detail: `the ${kind} ${metadata.namespace ?? ''}/${metadata.name} exists and is not marked as ours`,
  });
}

function plannedFrom({ metadata: { uid, resourceVersion } }: StoredObject): From {
  return { uid, resourceVersion };
}
