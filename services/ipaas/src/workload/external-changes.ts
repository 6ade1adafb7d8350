import type { Edit } from './plan.js';

/** A change by somebody else, found in a cluster. Times RFC 3339. */
export interface ExternalChange {
  readonly field: Edit['field'];
  readonly manager: string;
  readonly at: string;
  /** False while the service is paused: then it stays as it was found. */
  readonly corrected: boolean;
  readonly correctedAt: string | null;
  /** So many times the same. */
  readonly count: number;
  readonly desired: string | null;
  readonly observed: string | null;
}

const mostChanges = 10;
const shownForMs = 24 * 60 * 60 * 1000;

/**
 * What is told of others after a look at a service: `found` is what differed by their hand, null when nothing did. What was
 * kept is no longer told once it is back, or is put right; what was put right is told until a day has passed.
 */
export function afterLook(
  told: readonly ExternalChange[],
  found: ExternalChange | null,
  now: Date,
): readonly ExternalChange[] {
  const past = recentChanges(told, now).filter(({ corrected }) => corrected);
  const kept = told.find((change) => !change.corrected);
  if (!found) return kept || past.length < told.length ? past : told;
  if (!found.corrected) return kept && isAlike(kept, found) ? told : [found, ...past].slice(0, mostChanges);
  const same = past.find((change) => isAlike(change, found));
  const again = same ? { ...found, count: same.count + 1 } : found;
  return [again, ...past.filter((change) => change !== same)].slice(0, mostChanges);
}

/** Newest first, without what was put right more than a day ago. */
export function recentChanges<Change extends Pick<ExternalChange, 'at' | 'correctedAt'>>(
  told: readonly Change[],
  now: Date,
): Change[] {
  return told.filter(({ correctedAt }) => !correctedAt || now.getTime() - Date.parse(correctedAt) < shownForMs);
}

function isAlike(a: ExternalChange, b: ExternalChange): boolean {
  return a.field === b.field && a.manager === b.manager && a.desired === b.desired && a.observed === b.observed;
}
