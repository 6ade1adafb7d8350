import { once } from 'node:events';
import type { ListOptions, ObjectPage, StoredObject } from './client.js';
import { ClusterError } from './errors.js';
import { isTree } from './fake-fields.js';
import type { Change, FakeStore } from './fake-store.js';
import type { Kind } from './kinds.js';
import type { WatchEvent, WatchSource } from './reflector.js';
import { matchesFields, matchesLabels } from './selectors.js';
import type { WatchOptions } from './watch.js';

type Selection = Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>;

/** One watch as the fake sees it. */
export interface FakeFollower {
  /** Version up to which everything was handed over. */
  told: number;
  /** Ends the open stream: with an error, or undefined for a clean end. */
  end: ((error: ClusterError | undefined) => void) | undefined;
}

/** A page at one version; the token carries that version and the place to go on from. */
export function fakePage(store: FakeStore, kind: Kind, options: ListOptions): ObjectPage {
  const [version = String(store.version), after = ''] = (options.continue ?? '')
    .split(' ')
    .filter((part) => part !== '');
  if (Number(version) < store.oldest) {
    throw new ClusterError('gone', 'The provided continue parameter is too old', { status: 410 });
  }
  const { limit = 250 } = options;
  const rest = snapshot(store, kind, Number(version)).filter(
    (object) => isSelected(object, options) && keyOf(object) > after,
  );
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const token = rest.length > limit && last ? { continue: `${version} ${keyOf(last)}` } : {};
  return { items: structuredClone(items), resourceVersion: version, ...token };
}

/** The objects as they were at `version`: now, with what happened since undone. */
function snapshot(store: FakeStore, kind: Kind, version: number): StoredObject[] {
  const objects = new Map(store.all(kind).map((object) => [keyOf(object), object]));
  for (const { before, after, ...change } of [...store.history].reverse()) {
    if (change.version <= version || change.kind !== kind) continue;
    if (after) objects.delete(keyOf(after));
    if (before) objects.set(keyOf(before), before);
  }
  return [...objects.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

export function fakeSource<Row>(
  store: FakeStore,
  options: WatchOptions<Row>,
  follower: FakeFollower,
  allowed: { readonly isReachable: () => boolean; readonly canFollow: () => boolean },
): WatchSource {
  const { kind } = options.projection;
  const check = (isAllowed: () => boolean) => {
    if (!isAllowed()) throw new ClusterError('unreachable', 'the fake cluster is switched off');
  };
  return {
    page: async (token) => {
      check(allowed.isReachable);
      const { namespace, labelSelector, fieldSelector } = options;
      const selection = Object.entries({ namespace, labelSelector, fieldSelector, continue: token });
      return fakePage(store, kind, Object.fromEntries(selection.filter(([, value]) => value !== undefined)));
    },
    follow: async (resourceVersion, signal) => {
      check(allowed.canFollow);
      if (Number(resourceVersion) < store.oldest)
        throw new ClusterError('gone', 'too old resource version', { status: 410 });
      return changesFrom(store, kind, options, Number(resourceVersion), follower, signal);
    },
  };
}

async function* changesFrom(
  store: FakeStore,
  kind: Kind,
  selection: Selection,
  from: number,
  follower: FakeFollower,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent[]> {
  const ending = new AbortController();
  const state: { ended: boolean; error: ClusterError | undefined } = { ended: false, error: undefined };
  follower.end = (error) => {
    Object.assign(state, { ended: true, error });
    ending.abort();
  };
  const waiting = AbortSignal.any([signal, ending.signal]);
  let position = from;
  try {
    while (!signal.aborted && !state.ended) {
      const changes = store.history.filter((change) => change.version > position);
      position = store.version;
      const events = changes.filter((change) => change.kind === kind).flatMap((change) => eventOf(change, selection));
      // A bookmark ends every batch: the position moves on past changes of other kinds.
      yield [...events, { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(position) } } }];
      follower.told = position;
      if (store.version === position) await once(store.changes, 'change', { signal: waiting }).catch(() => undefined);
    }
    if (state.error) throw state.error;
  } finally {
    follower.end = undefined;
  }
}

/** An object that starts or stops to match a selector looks as if it were made or deleted. */
function eventOf({ before, after }: Change, selection: Selection): WatchEvent[] {
  const was = before !== undefined && isSelected(before, selection);
  const is = after !== undefined && isSelected(after, selection);
  if (is) return [{ type: was ? 'MODIFIED' : 'ADDED', object: structuredClone(after) }];
  if (!was) return [];
  const resourceVersion = after?.metadata.resourceVersion ?? before.metadata.resourceVersion;
  return [
    { type: 'DELETED', object: { ...structuredClone(before), metadata: { ...before.metadata, resourceVersion } } },
  ];
}

function isSelected(object: StoredObject, { namespace, labelSelector, fieldSelector }: Selection): boolean {
  return (
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matchesLabels(labelSelector, object.metadata.labels) &&
    matchesFields(fieldSelector, (field) => readField(object, field))
  );
}

function readField(object: unknown, field: string): string {
  const value = field.split('.').reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), object);
  return value === undefined ? '' : String(value);
}

function keyOf({ metadata: { namespace = '', name } }: StoredObject): string {
  return `${namespace}/${name}`;
}
