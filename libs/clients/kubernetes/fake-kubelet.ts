import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { StoredObject } from './client.js';
import type { FakeStore } from './fake-store.js';
import { isTree, type Tree } from './fake-fields.js';

/** What the containers of a Deployment do once they are there. Default: running and ready after one tick. */
export type FakeBehaviour =
  | { readonly kind: 'ready'; readonly afterTicks?: number }
  | { readonly kind: 'not_ready' }
  | { readonly kind: 'crash'; readonly exitCode: number; readonly reason?: string }
  | { readonly kind: 'pull_error'; readonly message?: string }
  | { readonly kind: 'unschedulable'; readonly message?: string };

export type BehaviourOf = (pod: StoredObject) => FakeBehaviour;

const deploymentSchema = z.object({
  replicas: z.number(),
  paused: z.boolean().optional(),
  progressDeadlineSeconds: z.number().optional(),
  selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
  strategy: z
    .object({
      rollingUpdate: z
        .object({ maxSurge: z.union([z.number(), z.string()]), maxUnavailable: z.union([z.number(), z.string()]) })
        .partial()
        .optional(),
    })
    .optional(),
  template: z.looseObject({
    metadata: z
      .object({
        labels: z.record(z.string(), z.string()).optional(),
        annotations: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
    spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string().optional() })) }),
  }),
});

type Spec = z.output<typeof deploymentSchema>;

/** One step of the deployment controller, the kubelet and the garbage collector over the whole fake cluster. */
export function tick(store: FakeStore, behaviourOf: BehaviourOf): void {
  const seconds = store
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  for (const pod of store.all('Pod')) {
    if (pod.metadata.deletionTimestamp) store.delete('Pod', pod);
    else stepPod(store, pod, behaviourOf(pod), seconds);
  }
  collectGarbage(store, seconds);
  for (const deployment of store.all('Deployment')) {
    if (!deployment.metadata.deletionTimestamp) stepDeployment(store, deployment, seconds);
  }
}

function collectGarbage(store: FakeStore, seconds: string): void {
  const deployments = new Map(store.all('Deployment').map((d) => [d.metadata.uid, d]));
  for (const pod of store.all('Pod')) {
    const owner = ownerUid(pod);
    const parent = owner === undefined ? undefined : deployments.get(owner);
    if (owner !== undefined && (!parent || parent.metadata.deletionTimestamp)) markDeleted(store, 'Pod', pod, seconds);
  }
  for (const deployment of deployments.values()) {
    const hasPods = store.all('Pod').some((pod) => ownerUid(pod) === deployment.metadata.uid);
    if (deployment.metadata.deletionTimestamp && !hasPods) store.delete('Deployment', deployment);
  }
}

/** Deleting takes a tick, as it takes a grace period in a real cluster. */
export function markDeleted(
  store: FakeStore,
  kind: 'Pod' | 'Deployment' | 'Namespace',
  object: StoredObject,
  at: string,
) {
  if (object.metadata.deletionTimestamp) return object;
  return store.update(kind, object, (draft) => {
    Object.assign(draft.metadata, { deletionTimestamp: at });
    if (kind === 'Namespace') draft['status'] = { phase: 'Terminating' };
  });
}

function stepDeployment(store: FakeStore, deployment: StoredObject, seconds: string): void {
  const spec = deploymentSchema.parse(deployment['spec']);
  const hash = createHash('sha256').update(JSON.stringify(spec.template)).digest('hex').slice(0, 10);
  const owned = adopt(store, deployment, spec);
  if (!spec.paused) roll(store, deployment, spec, hash, owned, seconds);
  writeStatus(store, deployment, spec, hash, adopt(store, deployment, spec), seconds);
}

/** Its pods; one that lost a selected label is let go and lives on alone, as in a real cluster. */
function adopt(store: FakeStore, deployment: StoredObject, spec: Spec): StoredObject[] {
  const pods = store
    .all('Pod', deployment.metadata.namespace)
    .filter((pod) => ownerUid(pod) === deployment.metadata.uid && !pod.metadata.deletionTimestamp);
  return pods.filter((pod) => {
    const isSelected = Object.entries(spec.selector.matchLabels).every(
      ([key, value]) => pod.metadata.labels?.[key] === value,
    );
    if (!isSelected) store.update('Pod', pod, (draft) => delete (draft.metadata as Tree)['ownerReferences']);
    return isSelected;
  });
}

function roll(
  store: FakeStore,
  deployment: StoredObject,
  spec: Spec,
  hash: string,
  pods: StoredObject[],
  seconds: string,
) {
  const fresh = pods.filter((pod) => hashOf(pod) === hash);
  const old = pods.filter((pod) => hashOf(pod) !== hash);
  const { maxSurge = 1, maxUnavailable = 0 } = spec.strategy?.rollingUpdate ?? {};
  const most = spec.replicas + (old.length > 0 ? amount(maxSurge, spec.replicas) : 0);
  const missing = Math.min(spec.replicas - fresh.length, most - pods.length);
  for (let made = 0; made < missing; made += 1) store.create('Pod', newPod(deployment, spec, hash));

  let spare = pods.filter(isReady).length - (spec.replicas - amount(maxUnavailable, spec.replicas));
  const surplus = fresh.length > spec.replicas ? [...fresh].reverse().slice(0, fresh.length - spec.replicas) : [];
  for (const pod of [...old, ...surplus].sort((a, b) => Number(isReady(a)) - Number(isReady(b)))) {
    if (isReady(pod) && spare <= 0) break;
    if (isReady(pod)) spare -= 1;
    markDeleted(store, 'Pod', pod, seconds);
  }
}

function newPod(deployment: StoredObject, spec: Spec, hash: string): Tree {
  const { name, namespace, uid } = deployment.metadata;
  const { metadata, spec: podSpec } = spec.template;
  return {
    metadata: {
      name: `${name}-${hash}-${randomBytes(3).toString('hex').slice(0, 5)}`,
      namespace,
      labels: { ...metadata?.labels, 'pod-template-hash': hash },
      ...(metadata?.annotations ? { annotations: metadata.annotations } : {}),
      // Through a ReplicaSet in a real cluster; its uid is ours here, so that the owner can be found again.
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${hash}`, uid, controller: true }],
    },
    spec: podSpec,
    status: { phase: 'Pending' },
  };
}

function stepPod(store: FakeStore, pod: StoredObject, behaviour: FakeBehaviour, seconds: string): void {
  store.update('Pod', pod, (draft) => {
    const spec = draft['spec'] as Tree;
    const name = containerName(spec);
    const status = isTree(draft['status']) ? draft['status'] : {};
    const [before] = Array.isArray(status['containerStatuses']) ? (status['containerStatuses'] as Tree[]) : [];
    if (behaviour.kind === 'unschedulable') {
      const message = behaviour.message ?? '0/1 nodes are available: 1 Insufficient cpu.';
      draft['status'] = {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
      };
      return;
    }
    spec['nodeName'] = 'node-1';
    const age = typeof status['age'] === 'number' ? status['age'] + 1 : 1;
    const ready = behaviour.kind === 'ready' && age >= (behaviour.afterTicks ?? 1);
    const container = {
      name,
      imageID: `fake@sha256:${'0'.repeat(64)}`,
      restartCount: 0,
      ready,
      ...containerStatus(behaviour, before, seconds),
    };
    const wasReady = conditionOf(status, 'Ready');
    const isSame = wasReady?.['status'] === (ready ? 'True' : 'False');
    const lastTransitionTime = isSame ? wasReady?.['lastTransitionTime'] : seconds;
    draft['status'] = {
      phase: behaviour.kind === 'pull_error' ? 'Pending' : 'Running',
      age: Math.min(age, 1000),
      podIP: status['podIP'] ?? `10.0.${Math.floor(store.version / 250) % 250}.${(store.version % 250) + 1}`,
      hostIP: '192.0.2.1',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime },
      ],
      containerStatuses: [container],
    };
  });
}

function containerStatus(behaviour: FakeBehaviour, before: Tree | undefined, seconds: string): Tree {
  const restarts = typeof before?.['restartCount'] === 'number' ? before['restartCount'] : -1;
  switch (behaviour.kind) {
    case 'pull_error':
      return {
        state: { waiting: { reason: 'ImagePullBackOff', message: behaviour.message ?? 'Back-off pulling image' } },
      };
    case 'crash': {
      const { exitCode, reason = 'Error' } = behaviour;
      const terminated = { exitCode, reason, startedAt: seconds, finishedAt: seconds };
      const waiting = { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' };
      return { restartCount: restarts + 1, state: { waiting }, lastState: { terminated } };
    }
    default:
      return isTree(before?.['state']) && 'running' in before['state']
        ? { state: before['state'], restartCount: restarts }
        : { state: { running: { startedAt: seconds } }, restartCount: Math.max(0, restarts) };
  }
}

function writeStatus(
  store: FakeStore,
  deployment: StoredObject,
  spec: Spec,
  hash: string,
  pods: StoredObject[],
  seconds: string,
) {
  const fresh = pods.filter((pod) => hashOf(pod) === hash);
  const ready = pods.filter(isReady).length;
  const isComplete = fresh.length === spec.replicas && pods.length === fresh.length && ready === spec.replicas;
  store.update('Deployment', deployment, (draft) => {
    const before = isTree(draft['status']) ? draft['status'] : {};
    const progress = `${draft.metadata.generation}/${fresh.length}/${fresh.filter(isReady).length}/${pods.length}`;
    const since = before['progress'] === progress ? String(before['progressAt']) : seconds;
    const waitedS = (store.now().getTime() - Date.parse(since)) / 1000;
    const isLate = !isComplete && !spec.paused && waitedS > (spec.progressDeadlineSeconds ?? 600);
    const reason = isComplete ? 'NewReplicaSetAvailable' : isLate ? 'ProgressDeadlineExceeded' : 'ReplicaSetUpdated';
    const isAvailable =
      ready >= spec.replicas - amount(spec.strategy?.rollingUpdate?.maxUnavailable ?? 0, spec.replicas);
    draft['status'] = {
      progress,
      progressAt: since,
      observedGeneration: draft.metadata.generation,
      replicas: pods.length,
      updatedReplicas: fresh.length,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [
        {
          type: 'Available',
          status: isAvailable ? 'True' : 'False',
          reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        },
        { type: 'Progressing', status: isLate ? 'False' : 'True', reason },
      ],
    };
  });
}

function ownerUid(pod: StoredObject): string | undefined {
  const owners = pod.metadata['ownerReferences'];
  const owner: unknown = Array.isArray(owners) ? owners[0] : undefined;
  return isTree(owner) && typeof owner['uid'] === 'string' ? owner['uid'] : undefined;
}

function hashOf(pod: StoredObject): string | undefined {
  return pod.metadata.labels?.['pod-template-hash'];
}

function isReady(pod: StoredObject): boolean {
  return isTree(pod['status']) && conditionOf(pod['status'], 'Ready')?.['status'] === 'True';
}

function conditionOf(status: Tree, type: string): Tree | undefined {
  const conditions = status['conditions'];
  return Array.isArray(conditions) ? (conditions as Tree[]).find((condition) => condition['type'] === type) : undefined;
}

function containerName(spec: Tree): unknown {
  return Array.isArray(spec['containers']) ? (spec['containers'] as Tree[])[0]?.['name'] : undefined;
}

/** `1` or `25%`, a surge rounded up. */
function amount(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) / 100) * of);
}
