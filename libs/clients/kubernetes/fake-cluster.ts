import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  AccessRule,
  ApplyOptions,
  ClusterClient,
  KubeObject,
  ObjectRef,
  RemoveOptions,
  StoredObject,
} from './client.js';
import { ClusterError, type ClusterErrorKind } from './errors.js';
import { isTree, type Tree } from './fake-fields.js';
import { type FakeBehaviour, markDeleted, tick } from './fake-kubelet.js';
import { checkShape } from './fake-shape.js';
import { FakeStore } from './fake-store.js';
import { type FakeFollower, fakePage, fakeSource } from './fake-watch.js';
import { resourcePath, resources, type Kind } from './kinds.js';
import { berthFieldManager } from './labels.js';
import { projectEvent } from './project-others.js';
import { reflect } from './reflector.js';
import type { Watch } from './watch.js';

/** Which pods a behaviour is for; what is left out matches all. `image` is a part of the image name. */
export interface BehaviourMatch {
  readonly namespace?: string;
  /** Name of the Deployment. */
  readonly deployment?: string;
  readonly image?: string;
}

export interface FakeClusterOptions {
  /** Clock of the cluster; default the real one. */
  readonly now?: () => Date;
}

/**
 * A cluster in memory that keeps the contract of {@link ClusterClient}. It stands still until `tick` is called: then
 * Deployments make pods, pods start, deleted things go. One ready node, `node-1`, and the namespace `default` exist.
 */
export class FakeCluster {
  private readonly store: FakeStore;
  private readonly behaviours: { match: BehaviourMatch; behaviour: FakeBehaviour }[] = [];
  private readonly followers = new Set<FakeFollower>();
  private readonly outputs = new Map<string, string>();
  private failures: ClusterError[] = [];
  private isReachable = true;
  private readonly deaf = new Set<Kind>();
  private mayDo: (rule: AccessRule) => boolean = () => true;

  constructor({ now = () => new Date() }: FakeClusterOptions = {}) {
    this.store = new FakeStore(now);
    this.seed({ kind: 'Namespace', metadata: { name: 'default' }, status: { phase: 'Active' } });
    this.seed({ kind: 'Node', metadata: { name: 'node-1' }, status: nodeStatus });
  }

  /** Number of changes ever stored: unchanged means that nothing was written. */
  get changes(): number {
    return this.store.version;
  }

  /** Advances controllers and kubelet by one or more steps. */
  tick(times = 1): void {
    for (let n = 0; n < times; n += 1) {
      tick(this.store, (pod) => this.behaviourOf(pod));
      this.emptyNamespaces();
    }
  }

  /** The last one that matches wins; pods that exist follow it from the next tick. */
  setBehaviour(match: BehaviourMatch, behaviour: FakeBehaviour): void {
    this.behaviours.push({ match, behaviour });
  }

  /** Puts an object there as somebody else would. */
  seed(object: Tree & { readonly kind: Kind }): StoredObject {
    return this.store.create(object.kind, object);
  }

  objects(kind: Kind, namespace?: string): StoredObject[] {
    return this.store.all(kind, namespace);
  }

  /** Output of a container, for `logs`. */
  setLog(namespace: string, pod: string, text: string, { previous = false } = {}): void {
    this.outputs.set(`${namespace}/${pod}/${previous}`, text);
  }

  /** False: every call fails as `unreachable` and watches break, until true again. */
  setReachable(isReachable: boolean): void {
    this.isReachable = isReachable;
    if (!isReachable) this.endWatches(unreachable());
  }

  /** False: watches of this kind break and find no connection, though every call is answered. */
  setWatchable(kind: Kind, isWatchable: boolean): void {
    if (isWatchable) this.deaf.delete(kind);
    else this.deaf.add(kind);
    this.endWatches(undefined);
  }

  /** The next calls (not watches) fail so. */
  failNext(kind: ClusterErrorKind, times = 1, message = `fake ${kind}`): void {
    this.failures.push(...Array.from({ length: times }, () => new ClusterError(kind, message)));
  }

  /** Which questions of `accessReview` are answered with yes; default all. */
  setAccess(mayDo: (rule: AccessRule) => boolean): void {
    this.mayDo = mayDo;
  }

  /** Ends every open watch without a word, as a load balancer does. Nothing is lost. */
  dropWatches(): void {
    this.endWatches(undefined);
  }

  /** Forgets all history: open watches and list tokens expire with 410. */
  expireWatches(): void {
    this.store.forgetHistory();
    this.endWatches(new ClusterError('gone', 'too old resource version', { status: 410 }));
  }

  /** Resolves when every watch has told everything that is stored now. */
  async settled(): Promise<void> {
    while (this.isReachable && [...this.followers].some(({ told }) => told < this.store.version)) await nextTurn();
  }

  client(): ClusterClient {
    const { store } = this;
    const watches = new Set<Watch>();
    const guarded = async <T>(work: () => T, signal?: AbortSignal): Promise<T> => {
      await nextTurn();
      if (signal?.aborted) throw new ClusterError('unreachable', 'the call was aborted');
      if (!this.isReachable) throw unreachable();
      const failure = this.failures.shift();
      if (failure) throw failure;
      return work();
    };
    const found = ({ kind, namespace, name }: ObjectRef) => {
      resourcePath(kind, namespace, name);
      const object = store.find(kind, namespace, name);
      if (!object)
        throw new ClusterError('not_found', `${resources[kind].plural} "${name}" not found`, { status: 404 });
      return object;
    };

    return {
      get: (ref, { signal } = {}) => guarded(() => structuredClone(found(ref)), signal),
      list: (kind, options = {}) => guarded(() => fakePage(store, kind, options), options.signal),
      apply: (object, options = {}) => guarded(() => structuredClone(this.apply(object, options)), options.signal),
      remove: (ref, options) => guarded(() => this.remove(found(ref), ref.kind, options), options.signal),
      patchLabels: (ref, labels, options = {}) =>
        guarded(() => {
          const object = found(ref);
          checkPlanned(object, options);
          const patched = store.update(ref.kind, object, (draft) => {
            const all = Object.entries({ ...draft.metadata.labels, ...labels }).filter(([, value]) => value !== null);
            Object.assign(draft.metadata, { labels: Object.fromEntries(all) });
          });
          return structuredClone(patched);
        }, options.signal),
      watch: (options) => {
        const follower: FakeFollower = { told: 0, end: undefined };
        this.followers.add(follower);
        const canFollow = () => this.isReachable && !this.deaf.has(options.projection.kind);
        const source = fakeSource(store, options, follower, { isReachable: () => this.isReachable, canFollow });
        const watch = reflect(source, options, { quietMs: 600_000, settledMs: 0, firstBackoffMs: 1, lastBackoffMs: 8 });
        const stop = () => {
          this.followers.delete(follower);
          watches.delete(watch);
          return watch.stop();
        };
        watches.add(watch);
        return { ...watch, stop };
      },
      logs: (namespace, pod, { previous = false, tailLines, limitBytes, signal } = {}) =>
        guarded(() => {
          found({ kind: 'Pod', namespace, name: pod });
          const text = this.outputs.get(`${namespace}/${pod}/${previous}`);
          if (text === undefined)
            throw new ClusterError('invalid', `container of pod "${pod}" has no output`, { status: 400 });
          const lines = text.split(/(?<=\n)/);
          const tail = tailLines === undefined ? text : lines.slice(-tailLines).join('');
          return Readable.from([Buffer.from(tail).subarray(0, limitBytes)]);
        }, signal),
      events: (namespace, { fieldSelector, signal } = {}) =>
        guarded(() => {
          const { items } = fakePage(store, 'Event', {
            namespace,
            limit: 500,
            ...(fieldSelector ? { fieldSelector } : {}),
          });
          return items.map(projectEvent).sort((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''));
        }, signal),
      version: ({ signal } = {}) => guarded(() => ({ gitVersion: 'v1.34.4', platform: 'linux/amd64' }), signal),
      accessReview: (rules, { signal } = {}) =>
        guarded(() => rules.map((rule) => ({ rule, allowed: this.mayDo(rule), reason: '' })), signal),
      close: async () => {
        await Promise.all([...watches].map((watch) => watch.stop()));
      },
    };
  }

  private apply(object: KubeObject, options: ApplyOptions): StoredObject {
    const { fieldManager = berthFieldManager, force = true, dryRun = false } = options;
    const { namespace, name } = object.metadata;
    resourcePath(object.kind, namespace, name);
    const live = this.store.find(object.kind, namespace, name);
    if (live || options.uid || options.resourceVersion) checkPlanned(live, options);
    const home = namespace === undefined ? undefined : this.store.find('Namespace', undefined, namespace);
    if (namespace !== undefined && !home)
      throw new ClusterError('not_found', `namespaces "${namespace}" not found`, { status: 404 });
    if (!live && home?.metadata.deletionTimestamp) {
      throw new ClusterError('forbidden', `namespace ${namespace} is being terminated`, { status: 403 });
    }
    const wanted = this.store.apply(object, fieldManager, force, true);
    checkShape(object.kind, wanted);
    return dryRun ? wanted : this.store.apply(object, fieldManager, force, false);
  }

  private remove(object: StoredObject, kind: Kind, options: RemoveOptions): void {
    checkPlanned(object, options);
    const now = this.store
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const isSlow =
      kind === 'Pod' || kind === 'Namespace' || (kind === 'Deployment' && options.propagation === 'Foreground');
    if (isSlow) markDeleted(this.store, kind, object, now);
    else this.store.delete(kind, object);
  }

  private emptyNamespaces(): void {
    for (const namespace of this.store.all('Namespace').filter((n) => n.metadata.deletionTimestamp)) {
      for (const kind of Object.keys(resources) as Kind[]) {
        if (!resources[kind].namespaced) continue;
        for (const object of this.store.all(kind, namespace.metadata.name)) this.store.delete(kind, object);
      }
      this.store.delete('Namespace', namespace);
    }
  }

  private behaviourOf(pod: StoredObject): FakeBehaviour {
    const { namespace, name } = pod.metadata;
    const image = JSON.stringify(isTree(pod['spec']) ? pod['spec']['containers'] : []);
    const hash = pod.metadata.labels?.['pod-template-hash'] ?? '';
    const matching = this.behaviours.filter(
      ({ match }) =>
        (match.namespace === undefined || match.namespace === namespace) &&
        (match.deployment === undefined || name.startsWith(`${match.deployment}-${hash}-`)) &&
        (match.image === undefined || image.includes(match.image)),
    );
    return matching.at(-1)?.behaviour ?? { kind: 'ready' };
  }

  private endWatches(error: ClusterError | undefined): void {
    for (const follower of this.followers) follower.end?.(error);
  }
}

function checkPlanned(
  live: StoredObject | undefined,
  { uid, resourceVersion }: { uid?: string; resourceVersion?: string },
): void {
  const isSame = uid === undefined || uid === live?.metadata.uid;
  const isUnchanged = resourceVersion === undefined || resourceVersion === live?.metadata.resourceVersion;
  if (isSame && isUnchanged) return;
  throw new ClusterError('conflict', 'the object has been modified; please apply your changes to the latest version', {
    status: 409,
  });
}

function unreachable(): ClusterError {
  return new ClusterError('unreachable', 'the fake cluster is switched off');
}

const nodeStatus = {
  allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
  addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
  conditions: [{ type: 'Ready', status: 'True' }],
  nodeInfo: { architecture: 'amd64', kubeletVersion: 'v1.34.4' },
};
