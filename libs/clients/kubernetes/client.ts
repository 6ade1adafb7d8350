import type { Readable } from 'node:stream';
import type { Kind } from './kinds.js';
import type { SlimEvent } from './slim.js';
import type { Watch, WatchOptions } from './watch.js';

/** Names one object. `namespace` is left out for cluster-wide kinds (Namespace, Node, …). */
export interface ObjectRef {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace?: string;
}

/** An object as we write it. `kind` must be a known kind; `apiVersion` must be the one of that kind. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An object as a cluster gives it back: at least these, everything else untyped. */
export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface ApplyOptions extends CallOptions {
  /** Field manager; default `berth`. */
  readonly fieldManager?: string;
  /** Take fields over from other managers; default true. */
  readonly force?: boolean;
  /** Planned-from version: any change since then gives `conflict`. Left out only when planned from absence. */
  readonly resourceVersion?: string;
  /** Planned-from incarnation: another or no object gives `conflict`. */
  readonly uid?: string;
  /** Checked and defaulted by the cluster, stored nowhere. */
  readonly dryRun?: boolean;
}

export interface RemoveOptions extends CallOptions {
  /** Incarnation to delete: another one under the same name gives `conflict`. */
  readonly uid: string;
  readonly resourceVersion?: string;
  /** `Background` answers at once, dependents follow; `Foreground` keeps the object until they are gone. */
  readonly propagation: 'Foreground' | 'Background';
}

export interface ListOptions extends CallOptions {
  /** Left out: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Page size, default 250. */
  readonly limit?: number;
  /** Token of the page before; expired gives `gone`. */
  readonly continue?: string;
}

export interface ObjectPage {
  readonly items: readonly StoredObject[];
  /** Position of the whole list: a watch may start from it. */
  readonly resourceVersion: string;
  /** Left out on the last page. */
  readonly continue?: string;
}

export interface LabelPatchOptions extends CallOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface LogOptions extends CallOptions {
  /** Left out: the pod's only container. */
  readonly container?: string;
  readonly follow?: boolean;
  /** Output of the run before the last restart. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  /** Each line starts with its RFC 3339 time. */
  readonly timestamps?: boolean;
}

/** One question to the cluster: may this credential do that? `group` '' is the core group. */
export interface AccessRule {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

export interface AccessAnswer {
  readonly rule: AccessRule;
  readonly allowed: boolean;
  /** The cluster's own words, often empty. */
  readonly reason: string;
}

export interface ClusterVersion {
  /** For example `v1.34.4`. */
  readonly gitVersion: string;
  readonly platform: string;
}

/**
 * One workload cluster. Every call rejects with a {@link ClusterError} and with nothing else
 * (a wrong use, such as a missing namespace, is a TypeError).
 */
export interface ClusterClient {
  /** Server-side apply: creates or changes; safe to repeat; answers with the stored object. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<StoredObject>;
  /** Deletes this incarnation. An object that is already gone gives `not_found`. */
  remove(ref: ObjectRef, options: RemoveOptions): Promise<void>;
  get(ref: ObjectRef, options?: CallOptions): Promise<StoredObject>;
  list(kind: Kind, options?: ListOptions): Promise<ObjectPage>;
  /** Sets labels; null removes one. Others stay. */
  patchLabels(
    ref: ObjectRef,
    labels: Readonly<Record<string, string | null>>,
    options?: LabelPatchOptions,
  ): Promise<StoredObject>;
  /** List and watch for as long as it is not stopped; returns at once. */
  watch<Row>(options: WatchOptions<Row>): Watch;
  /**
   * Terminal output of one container as bytes. Back-pressure is kept; destroying the stream or aborting the signal
   * ends the request. Rejects with `invalid` while the container has not started.
   */
  logs(namespace: string, pod: string, options?: LogOptions): Promise<Readable>;
  /** Kubernetes events of a namespace, newest first, at most 500. */
  events(namespace: string, options?: { readonly fieldSelector?: string } & CallOptions): Promise<SlimEvent[]>;
  version(options?: CallOptions): Promise<ClusterVersion>;
  /** Asks about each rule (SelfSubjectAccessReview), in the given order. */
  accessReview(rules: readonly AccessRule[], options?: CallOptions): Promise<AccessAnswer[]>;
  /** Ends every watch and connection. */
  close(): Promise<void>;
}
