import { z } from 'zod';
import { parseJson } from './json.js';

/**
 * Who owns which field: the part of server-side apply that our objects need. A path is a list of steps as in
 * `managedFields`: `f:replicas` is a key, `k:{"name":"app"}` an item of a keyed list, `.` that item itself.
 */
export type Tree = { [key: string]: unknown };
type Path = readonly string[];
type Leaves = Map<string, unknown>;

/** Lists that are merged by key; every other list is one value. */
const listKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  conditions: 'type',
};

export interface Applied {
  readonly object: Tree;
  readonly owners: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Fields another manager owns with another value. */
export class FieldConflict extends Error {
  constructor(readonly manager: string) {
    super(`Apply failed with 1 conflict: conflict with "${manager}"`);
  }
}

/** Merges `config` into `live` as `manager`; what it owned and no longer names goes, unless another owns it too. */
export function applyFields(
  live: Tree,
  config: Tree,
  manager: string,
  force: boolean,
  owners: Applied['owners'],
): Applied {
  const object = structuredClone(live);
  const leaves = leavesOf(config);
  const next = new Map<string, ReadonlySet<string>>();
  for (const [other, owned] of owners) {
    if (other === manager) continue;
    const contested = [...owned].filter((key) => leaves.has(key) && isOther(valueAt(live, key), leaves.get(key)));
    if (contested.length > 0 && !force) throw new FieldConflict(other);
    const left = [...owned].filter((key) => !contested.includes(key));
    if (left.length > 0) next.set(other, new Set(left));
  }
  const isOwnedByOthers = (key: string) => [...next.values()].some((owned) => owned.has(key));
  for (const key of owners.get(manager) ?? []) {
    if (!leaves.has(key) && !isOwnedByOthers(key)) removeAt(object, pathOf(key));
  }
  for (const [key, value] of leaves) setAt(object, pathOf(key), value);
  next.set(manager, new Set(leaves.keys()));
  return { object, owners: next };
}

/** `fieldsV1` of a set of paths. */
export function fieldsV1(keys: ReadonlySet<string>): Tree {
  const root: Tree = {};
  for (const key of keys) {
    let at = root;
    for (const step of pathOf(key)) at = (at[step] ??= {}) as Tree;
  }
  return root;
}

function leavesOf(value: unknown, name = '', path: Path = [], found: Leaves = new Map()): Leaves {
  const key = listKeys[name];
  if (Array.isArray(value) && key !== undefined) {
    for (const item of value as Tree[]) {
      const at = [...path, `k:${JSON.stringify({ [key]: item[key] })}`];
      found.set(textOf([...at, '.']), { [key]: item[key] });
      leavesOf(item, '', at, found);
    }
  } else if (isTree(value) && Object.keys(value).length > 0) {
    for (const [field, child] of Object.entries(value)) {
      if (child !== undefined && child !== null) leavesOf(child, field, [...path, `f:${field}`], found);
    }
  } else if (path.length > 0) {
    found.set(textOf(path), value);
  }
  return found;
}

function textOf(path: Path): string {
  return path.join('\n');
}

function pathOf(key: string): string[] {
  return key.split('\n');
}

function child(at: unknown, step: string): unknown {
  if (step === '.') return at;
  if (step.startsWith('f:')) return isTree(at) ? at[step.slice(2)] : undefined;
  return Array.isArray(at) ? at.find((item) => matches(item, step)) : undefined;
}

function valueAt(root: Tree, key: string): unknown {
  const path = pathOf(key);
  const value = path.reduce<unknown>(child, root);
  // The item itself is there or not; what is in it has paths of its own.
  return path.at(-1) === '.' && isTree(value) ? keyOf(path.at(-2) ?? '') : value;
}

function setAt(root: Tree, path: Path, value: unknown): void {
  let at: unknown = root;
  path.forEach((step, index) => {
    const isLast = index === path.length - 1;
    if (step === '.') return;
    if (step.startsWith('f:')) {
      const field = step.slice(2);
      const tree = at as Tree;
      // An empty map is "let it be there", not "make it empty".
      if (isLast && !(isEmptyTree(value) && isTree(tree[field]))) tree[field] = structuredClone(value);
      else if (isLast) return;
      else tree[field] ??= path[index + 1]?.startsWith('k:') ? [] : {};
      at = tree[field];
      return;
    }
    const list = at as Tree[];
    if (!list.some((item) => matches(item, step))) list.push({ ...keyOf(step) });
    at = list.find((item) => matches(item, step));
  });
}

function removeAt(root: Tree, path: Path): void {
  const isItem = path.at(-1) === '.';
  const parents = isItem ? path.slice(0, -2) : path.slice(0, -1);
  const last = isItem ? (path.at(-2) ?? '') : (path.at(-1) ?? '');
  const parent = parents.reduce<unknown>(child, root);
  if (Array.isArray(parent)) {
    const index = parent.findIndex((item) => matches(item, last));
    if (index >= 0) parent.splice(index, 1);
  } else if (isTree(parent) && (!isTree(parent[last.slice(2)]) || isEmptyTree(parent[last.slice(2)]))) {
    delete parent[last.slice(2)];
  }
}

function keyOf(step: string): Tree {
  return parseJson(step.slice(2), z.record(z.string(), z.unknown()));
}

function matches(item: unknown, step: string): boolean {
  return isTree(item) && Object.entries(keyOf(step)).every(([key, value]) => item[key] === value);
}

function isOther(live: unknown, wanted: unknown): boolean {
  return !isEqual(live, wanted) && !(isEmptyTree(wanted) && isTree(live));
}

function isEmptyTree(value: unknown): boolean {
  return isTree(value) && Object.keys(value).length === 0;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
