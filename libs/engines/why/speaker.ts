import type { ContainerFacts } from './facts.js';

const severity: Readonly<Record<ContainerFacts['state'], number>> = {
  image_error: 0,
  crash_looping: 1,
  not_ready: 2,
  pending: 3,
  ended: 4,
  starting: 5,
  pulling: 6,
  unknown: 7,
  running: 8,
  terminating: 9,
};

/**
 * The container that speaks for the others: of the release that is judged while it has any, not ready, the worst state
 * first, then the one that restarted most; by cluster and name where that is the same, so that the answer does not flap.
 */
export function speakerOf(containers: readonly ContainerFacts[], release: number | null): ContainerFacts | null {
  const present = containers.filter(({ state }) => state !== 'terminating');
  const own = present.filter((container) => container.release === release);
  const ill = (own.length > 0 ? own : present).filter(isIll);
  return (
    ill.sort(
      (a, b) =>
        severity[a.state] - severity[b.state] ||
        b.restarts - a.restarts ||
        (`${a.cluster}/${a.name}` < `${b.cluster}/${b.name}` ? -1 : 1),
    )[0] ?? null
  );
}

/** Young containers that only start are not ill; one that was started again is. */
function isIll({ ready, state, restarts, detail }: ContainerFacts): boolean {
  if (ready) return false;
  switch (state) {
    case 'running':
    case 'unknown':
    case 'terminating':
    case 'pulling':
      return false;
    case 'starting':
    case 'pending':
      return restarts > 0 || detail !== null;
    default:
      return true;
  }
}
