import type { SpecDraft } from '../deploy/draft.js';
import type { ServiceSearch } from './search.js';

/** Fields of the settings that somebody can be sent to, e.g. by the Why card; a variable has its name besides. */
const fields: readonly string[] = [
  'image',
  'registryCredential',
  'size',
  'memory',
  'ports',
  'variables',
  'variable',
  'hostAliases',
  'readiness',
  'liveness',
  'startupAllowanceSeconds',
  'gracefulStopSeconds',
  'rolloutDeadlineSeconds',
  'command',
  'args',
  'runAsUser',
];

type Wish = Pick<ServiceSearch, 'edit' | 'name' | 'value'>;

/** What `[data-edit]` the wish points at; null when it points at none that there is. */
export function editTarget({ edit, name }: Wish): string | null {
  if (!edit || !fields.includes(edit)) return null;
  return edit === 'variable' ? `variable:${name ?? ''}` : edit;
}

/** The draft with the wish in it: a missing variable has a row, a size is filled in. What is there already stays. */
export function edited(draft: SpecDraft, wish: Wish): SpecDraft {
  const { name = '', value } = wish;
  const number = value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
  switch (wish.edit) {
    case 'variable':
      if (draft.variables.some((row) => row.name === name)) return draft;
      return {
        ...draft,
        variables: [...draft.variables, { name, value: value ?? '', secret: false, version: null }],
      };
    case 'memory':
      return number ? { ...draft, memoryMiB: number } : draft;
    case 'image':
      return value ? { ...draft, image: value } : draft;
    default:
      return draft;
  }
}
