import { aggregate, metric, over, relabel, type Expression, type Matcher } from '@berth/clients/prometheus';
import { namespaceOf, type ServiceScope } from '@berth/contracts';
import { mainContainer } from '../workload/pod-template.js';

/** CPU in cores and memory in bytes by the same labels. */
export interface UsageQueries {
  readonly cpu: Expression;
  readonly memory: Expression;
}

/** Names of pods as a Deployment makes them: its own name, the hash of the template, five characters. */
const podSuffix = '-[0-9a-z]+-[0-9a-z]{5}';

/** One series for each container of a service in any cluster, now and past. */
export function ofService(scope: ServiceScope, lookBack: number): UsageQueries {
  return perContainer(
    lookBack,
    ['cluster', 'namespace', 'pod'],
    [
      { label: 'namespace', is: namespaceOf(scope) },
      { label: 'pod', matches: `${scope.service}${podSuffix}` },
      { label: 'container', is: mainContainer },
    ],
  );
}

/** One series for each service of these clusters, by namespace and name: one query, whatever their number. */
export function ofAllServices(clusters: readonly string[], lookBack: number): UsageQueries {
  const containers = perContainer(
    lookBack,
    ['cluster', 'namespace', 'pod'],
    [among(clusters), { label: 'container', is: mainContainer }],
  );
  const byService = (of: Expression) =>
    aggregate('sum', ['namespace', 'service'], relabel('service', 'pod', `(.+)${podSuffix}`, of));
  return { cpu: byService(containers.cpu), memory: byService(containers.memory) };
}

/** One series for each node: what all containers on it use, ours and others. */
export function ofNodes(clusters: readonly string[], lookBack: number): UsageQueries {
  const containers = perContainer(
    lookBack,
    ['cluster', 'node', 'namespace', 'pod', 'container'],
    [among(clusters), { label: 'container', isNot: '' }, { label: 'container', isNot: 'POD' }],
  );
  const byNode = (of: Expression) => aggregate('sum', ['cluster', 'node'], of);
  return { cpu: byNode(containers.cpu), memory: byNode(containers.memory) };
}

/**
 * The highest of what is said of one container: the kubelet says it at two addresses, and for a while of the run before a
 * restart as well.
 */
function perContainer(lookBack: number, by: readonly string[], where: readonly Matcher[]): UsageQueries {
  return {
    cpu: aggregate('max', by, over('rate', lookBack, metric('container_cpu_usage_seconds_total', ...where))),
    memory: aggregate(
      'max',
      by,
      over('max_over_time', lookBack, metric('container_memory_working_set_bytes', ...where)),
    ),
  };
}

/** Names of clusters have no character that means something in a regular expression. */
function among(clusters: readonly string[]): Matcher {
  return { label: 'cluster', matches: clusters.join('|') };
}
