import type { ServiceSpec } from '@berth/contracts';
import { draftOf, type SpecDraft } from '../deploy/draft.js';

/**
 * A spec as it begins in production. A secret never crosses over: production keeps its own of that name, and asks for the
 * value where it has none.
 */
export function copiedTo(production: ServiceSpec | null, spec: ServiceSpec): SpecDraft {
  const own = new Map(
    production?.variables.flatMap((row) => ('secret' in row ? [[row.name, row.secret.version] as const] : [])),
  );
  const draft = draftOf(spec);
  return {
    ...draft,
    variables: draft.variables.map((row) =>
      row.secret ? { ...row, value: '', version: own.get(row.name) ?? null } : row,
    ),
  };
}

/** Names of secrets whose value has to be written. */
export const secretsToAsk = ({ variables }: SpecDraft): string[] =>
  variables.flatMap(({ name, secret, version }) => (secret && version === null ? [name] : []));
