import { routes } from '@berth/api';
import { call } from '../../api/client.js';
import type { ServicePlace } from '../../api/queries.js';
import { deployBodyOf, secretsToSeal, specOf, type DeployDraft, type SpecDraft } from './draft.js';

/** Seals the new secret values with the owner, one after another; answers the versions that the spec refers to. */
export async function sealSecrets(place: ServicePlace, draft: SpecDraft): Promise<Record<string, number>> {
  const sealed: Record<string, number> = {};
  for (const row of secretsToSeal(draft)) {
    const answer = await call(routes.putSecret, { params: { ...place, name: row.name }, body: { value: row.value } });
    sealed[row.name] = answer.version;
  }
  return sealed;
}

/**
 * First deploy. `attempt.sealed` keeps what was sealed, so that sending again seals nothing twice and has the same body
 * under the same key: a double click or a retry after a lost answer is one operation.
 */
export async function deploy(place: ServicePlace, draft: DeployDraft, attempt: Attempt): Promise<string> {
  attempt.sealed ??= await sealSecrets(place, draft.spec);
  const accepted = await call(routes.deployService, {
    params: { project: place.project, environment: place.environment },
    body: deployBodyOf(draft, attempt.sealed),
    idempotencyKey: attempt.key,
  });
  return accepted.operationId;
}

export async function upgrade(
  place: ServicePlace,
  draft: SpecDraft,
  cause: string,
  ifMatch: string,
  attempt: Attempt,
): Promise<string> {
  attempt.sealed ??= await sealSecrets(place, draft);
  const accepted = await call(routes.upgradeService, {
    params: place,
    body: { spec: specOf(draft, attempt.sealed), ...(cause.trim() && { cause: cause.trim() }) },
    ifMatch,
    idempotencyKey: attempt.key,
  });
  return accepted.operationId;
}

/** One wish of the user: belongs to exactly the draft it was made for; another draft is another attempt. */
export interface Attempt {
  readonly draft: string;
  readonly key: string;
  sealed?: Record<string, number>;
}

export function attemptFor(draft: unknown, before: Attempt | null): Attempt {
  const text = JSON.stringify(draft);
  return before?.draft === text ? before : { draft: text, key: crypto.randomUUID() };
}
