import { problemOf } from '@berth/api';
import type { Problem, Size, UnplaceableData } from '@berth/contracts';

type Reason = UnplaceableData['reasons'][number];
type Texts = Readonly<Record<string, (params: NonNullable<Reason['params']>) => string>>;

const say = (value: unknown) => (value === undefined || value === null ? '?' : String(value));

const texts: Texts = {
  not_eligible: () => 'the environment may not use it',
  not_chosen: () => 'it was not chosen',
  not_ready: ({ phase }) => `it is ${say(phase)}`,
  too_little_cpu: ({ asked, free, fits }) =>
    `one more asks ${say(asked)}m CPU, ${say(free)}m are free beside the ${say(fits)} that fit`,
  too_little_memory: ({ asked, free, fits }) =>
    `one more asks ${say(asked)} MiB, ${say(free)} MiB are free beside the ${say(fits)} that fit`,
  too_few_pods: ({ free, fits }) => `it takes ${say(free)} more pods beside the ${say(fits)} that fit`,
  no_node_fits: ({ asked, free, resource }) =>
    `no node has the ${say(asked)} of ${say(resource)} that one asks; the emptiest has ${say(free)}`,
  below_minimum: ({ asked, free }) => `at least ${say(asked)} are wanted there, ${say(free)} fit`,
  unknown_cluster: () => 'there is no such cluster',
};

/** Why there is no placement: one row of errors for each reason, its path the cluster. */
export function capacityProblem(
  reasons: readonly Reason[],
  asked: { readonly replicas: number; readonly size: Size; readonly environment: string },
): Problem {
  if (reasons.length === 0) return problemOf('no_cluster', { environment: asked.environment });
  const { cpuMillis, memoryMiB } = asked.size;
  const errors = reasons.map(({ cluster, code, params }) => ({
    path: cluster,
    code,
    message: `${cluster}: ${texts[code]?.(params ?? {}) ?? code}`,
    ...(params && { params }),
  }));
  return problemOf('no_capacity', { replicas: asked.replicas, cpuMillis, memoryMiB }, { errors });
}
