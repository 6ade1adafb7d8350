/** One thing that differs between two releases, as text. */
export interface Difference {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

type Sealed = { readonly name: string; readonly version: number };
type Variable = { readonly name: string } & ({ readonly value: string } | { readonly secret: Sealed });

/** What is compared: the settings of a release, with its image as a reader knows it. */
export interface Settings {
  readonly image: string;
  readonly size: { readonly cpuMillis: number; readonly memoryMiB: number };
  readonly variables: readonly Variable[];
  readonly [field: string]: unknown;
}

const ownWords = new Set(['image', 'size', 'variables']);

/** What a release changed, by meaning: image, size, each variable, then every other setting. A sealed value is its version. */
export function differences(from: Settings, to: Settings): Difference[] {
  return [
    one('image', from.image, to.image),
    one('size.cpuMillis', String(from.size.cpuMillis), String(to.size.cpuMillis)),
    one('size.memoryMiB', String(from.size.memoryMiB), String(to.size.memoryMiB)),
    ...variables(from.variables, to.variables),
    ...rest(from, to),
  ].filter((row) => row !== null);
}

function one(field: string, from: string | null, to: string | null): Difference | null {
  return from === to ? null : { field, from, to };
}

function variables(from: readonly Variable[], to: readonly Variable[]): (Difference | null)[] {
  const before = new Map(from.map((row) => [row.name, shown(row)]));
  const after = new Map(to.map((row) => [row.name, shown(row)]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.map((name) => one(`variables.${name}`, before.get(name) ?? null, after.get(name) ?? null));
}

function shown(variable: Variable): string {
  return 'secret' in variable ? `${variable.secret.name} v${variable.secret.version}` : variable.value;
}

function rest(from: Settings, to: Settings): (Difference | null)[] {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((field) => !ownWords.has(field))
    .sort();
  return fields.map((field) => one(field, text(from[field]), text(to[field])));
}

/** Objects with their keys in order, so that two that say the same are the same. */
function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(ordered(value)) : String(value);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
