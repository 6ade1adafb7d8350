import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { KubeObject, StoredObject } from './client.js';
import { ClusterError } from './errors.js';
import { applyFields, type Applied, FieldConflict, fieldsV1, isEqual, isTree, type Tree } from './fake-fields.js';
import { resources, type Kind } from './kinds.js';

export interface Change {
  readonly version: number;
  readonly kind: Kind;
  readonly before: StoredObject | undefined;
  readonly after: StoredObject | undefined;
}

interface Entry {
  readonly object: StoredObject;
  readonly owners: Applied['owners'];
}

export type Owners = Applied['owners'];
const nobody: Owners = new Map();

/** The etcd and API server of the fake: objects, versions, owners and the history that watches read. */
export class FakeStore {
  readonly changes = new EventEmitter().setMaxListeners(0);
  history: Change[] = [];
  version = 1;
  /** Positions below this one are expired. */
  oldest = 1;
  private readonly entries = new Map<string, Entry>();

  constructor(readonly now: () => Date) {}

  find(kind: Kind, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.entries.get(keyOf(kind, namespace, name))?.object;
  }

  all(kind: Kind, namespace?: string): StoredObject[] {
    const prefix = namespace === undefined ? `${kind}/` : `${kind}/${namespace}/`;
    const keys = [...this.entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.flatMap((key) => this.entries.get(key)?.object ?? []);
  }

  apply(config: KubeObject, manager: string, force: boolean, isDryRun: boolean): StoredObject {
    const { name, namespace } = config.metadata;
    const entry = this.entries.get(keyOf(config.kind, namespace, name));
    const live = entry ? withoutManagers(entry.object) : skeleton(config);
    const applied = this.merged(live, config, manager, force, entry?.owners ?? nobody);
    const object = this.stamped(config.kind, entry?.object, applied);
    if (
      entry &&
      isEqual(withoutManagers(entry.object), withoutManagers(object)) &&
      isEqual([...owned(entry.owners)], [...owned(applied.owners)])
    ) {
      return entry.object;
    }
    return isDryRun ? object : this.put(config.kind, object, applied.owners);
  }

  /** Changes an object as a controller does: nobody's fields, no new generation. Returns the stored object. */
  update(kind: Kind, object: StoredObject, change: (draft: Tree & StoredObject) => void): StoredObject {
    const draft = structuredClone(object) as Tree & StoredObject;
    change(draft);
    if (isEqual(draft, object)) return object;
    const owners = this.entries.get(keyOf(kind, object.metadata.namespace, object.metadata.name))?.owners ?? nobody;
    return this.put(kind, draft, owners);
  }

  /** Stores a whole object as given; identity and version are filled in. */
  create(kind: Kind, object: KubeObject | Tree): StoredObject {
    const tree = { apiVersion: resources[kind].apiVersion, kind, ...structuredClone(object) } as Tree;
    return this.put(kind, this.stamped(kind, undefined, { object: tree, owners: nobody }), nobody);
  }

  delete(kind: Kind, object: StoredObject): void {
    const { namespace, name } = object.metadata;
    if (!this.entries.delete(keyOf(kind, namespace, name))) return;
    this.version += 1;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    this.record({ version: this.version, kind, before: last, after: undefined });
  }

  forgetHistory(): void {
    this.oldest = this.version;
    this.history = [];
  }

  private merged(live: Tree, config: KubeObject, manager: string, force: boolean, owners: Owners): Applied {
    const { labels, annotations } = config.metadata;
    const { apiVersion: _apiVersion, kind: _kind, status: _status, ...rest } = config;
    const fields = { ...rest, metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) } };
    try {
      return applyFields(live, fields, manager, force, owners);
    } catch (error) {
      if (error instanceof FieldConflict) throw new ClusterError('conflict', error.message, { status: 409 });
      throw error;
    }
  }

  /** What the API server itself writes: identity, creation time, generation, managers and our few defaults. */
  private stamped(kind: Kind, before: StoredObject | undefined, { object, owners }: Applied): StoredObject {
    const spec = object['spec'];
    if (kind === 'Deployment' && isTree(spec)) spec['replicas'] ??= 1;
    if (kind === 'Namespace') object['status'] ??= { phase: 'Active' };
    const hasGeneration = object['spec'] !== undefined && !withoutGeneration.has(kind);
    const isNewSpec = !before || !isEqual(before['spec'], object['spec']);
    const generation = hasGeneration ? { generation: (before?.metadata.generation ?? 0) + Number(isNewSpec) } : {};
    const time = this.now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const metadata = {
      uid: randomUUID(),
      creationTimestamp: time,
      resourceVersion: String(this.version),
      ...(object['metadata'] as Partial<StoredObject['metadata']>),
      ...generation,
      ...(owners.size > 0 ? { managedFields: managedFields(owners, resources[kind].apiVersion, time) } : {}),
    };
    return { ...object, metadata } as unknown as StoredObject;
  }

  private put(kind: Kind, object: StoredObject, owners: Owners): StoredObject {
    const { namespace, name } = object.metadata;
    const key = keyOf(kind, namespace, name);
    const before = this.entries.get(key)?.object;
    this.version += 1;
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    this.entries.set(key, { object: after, owners });
    this.record({ version: this.version, kind, before, after });
    return after;
  }

  private record(change: Change): void {
    this.history.push(change);
    this.changes.emit('change');
  }
}

const withoutGeneration = new Set<Kind>(['Namespace', 'Node', 'Pod', 'Service', 'PersistentVolume']);

function keyOf(kind: Kind, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

function skeleton({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): Tree {
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
}

function withoutManagers(object: StoredObject): Tree {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function managedFields(owners: Owners, apiVersion: string, time: string) {
  return [...owners].map(([manager, keys]) => {
    return { manager, operation: 'Apply', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: fieldsV1(keys) };
  });
}

function owned(owners: Owners): string[] {
  return [...owners].map(([manager, keys]) => `${manager}:${[...keys].sort().join()}`).sort();
}
