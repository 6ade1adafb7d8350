import type { Container } from '@berth/api';

const past: readonly Container['state'][] = ['terminating', 'ended', 'unknown'];

/** The container whose start is worth watching: of the newest release, not ready yet, the newest. Null when all are up. */
export function startingContainer(containers: readonly Container[]): Container | null {
  const [first] = containers
    .filter(({ state, ready }) => !ready && !past.includes(state))
    .sort((a, b) => (b.release ?? 0) - (a.release ?? 0) || b.createdAt.localeCompare(a.createdAt));
  return first ?? null;
}
