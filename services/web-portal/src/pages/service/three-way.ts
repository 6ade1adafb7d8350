import type { ServiceSpec } from '@berth/contracts';
import { differences, type Difference } from '@berth/api';
import { draftOf, secretsToSeal, specOf, type SpecDraft } from '../deploy/draft.js';
import { hostAsIn } from '../deploy/hosts.js';

/** One thing that somebody else changed since the draft was begun. */
export interface TheirChange {
  readonly key: string;
  readonly theirs: Difference;
  /** What the draft says about the same thing, when it was changed there too and differently. */
  readonly mine: Difference | null;
}

export const keyOfDifference = (row: Pick<Difference, 'field' | 'name'>) =>
  // A variable that became a secret is still the same variable.
  `${row.field === 'secret' ? 'variable' : row.field}:${row.name ?? ''}`;

/** What changed under a draft: base is what it was begun on, current is what is there now. */
export function changesUnder(base: ServiceSpec, mine: SpecDraft, current: ServiceSpec): TheirChange[] {
  const side = (spec: ServiceSpec) => ({ spec, image: null });
  const own = new Map(
    differences(side(base), side(specOf(mine) as ServiceSpec)).map((row) => [keyOfDifference(row), row]),
  );
  for (const { name } of secretsToSeal(mine))
    own.set(`variable:${name}`, { field: 'secret', name, from: null, to: '' });
  return differences(side(base), side(current)).map((theirs) => {
    const key = keyOfDifference(theirs);
    const same = own.get(key);
    return { key, theirs, mine: same && same.to !== theirs.to ? same : null };
  });
}

/** The draft on the new base: their changes, and mine on top; of what both changed, mine but for the keys in `theirs`. */
export function rebased(
  base: ServiceSpec,
  mine: SpecDraft,
  current: ServiceSpec,
  theirs: ReadonlySet<string>,
): SpecDraft {
  const from = draftOf(current);
  return changesUnder(base, mine, current)
    .filter((row) => row.mine === null || theirs.has(row.key))
    .reduce((draft, row) => taken(draft, from, row.theirs), mine);
}

/** The draft with one thing as `from` has it. */
function taken(draft: SpecDraft, from: SpecDraft, { field, name = '' }: Difference): SpecDraft {
  switch (field) {
    case 'size':
      return { ...draft, cpuMillis: from.cpuMillis, memoryMiB: from.memoryMiB };
    case 'port':
      return { ...draft, ports: replaced(draft.ports, from.ports, name) };
    case 'variable':
    case 'secret':
      return { ...draft, variables: replaced(draft.variables, from.variables, name) };
    case 'hostAlias':
      return { ...draft, hostAliases: hostAsIn(draft.hostAliases, from.hostAliases, name) };
    case 'digest':
      return draft;
    default:
      return { ...draft, [field]: from[field] };
  }
}

function replaced<Row extends { readonly name: string }>(rows: readonly Row[], from: readonly Row[], name: string) {
  const row = from.find((other) => other.name === name);
  if (!row) return rows.filter((other) => other.name !== name);
  return rows.some((other) => other.name === name)
    ? rows.map((other) => (other.name === name ? row : other))
    : [...rows, row];
}
