import { requestOf as scaled } from '../scheduler/capacity.js';
import type { Resources } from '../scheduler/scheduler.js';

export type SizedEnvironment = 'dev' | 'test' | 'staging' | 'prod';

/** Share of its limit that a container asks for: production gets all it may use, elsewhere machines are shared. */
const ratios: Readonly<Record<SizedEnvironment, number>> = { dev: 0.25, test: 0.25, staging: 0.5, prod: 1 };

/** Request as a share of the limit, in (0, 1]. */
export function requestRatioOf(environment: SizedEnvironment): number {
  return ratios[environment];
}

/**
 * What one container of this size reserves in this environment, in millicores and MiB, rounded up. The pod template asks
 * for exactly this and placement counts exactly this; a second formula would let a cluster fill up unseen.
 */
export function requestOf(size: Resources, environment: SizedEnvironment): Resources {
  return scaled(size, requestRatioOf(environment));
}
