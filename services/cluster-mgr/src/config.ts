import { platformConfig, readConfig } from '@berth/platform/config';
import { z } from 'zod';
import { EnvironmentClustersText } from './placement/environments.js';

/** Configuration of cluster-mgr: the platform's, and its own times. */
export const clusterMgrConfig = platformConfig.extend({
  BERTH_PROMETHEUS_URL: z.url().optional().describe('Metrics of the clusters; not used yet'),
  BERTH_PROBE_EVERY_MS: z.coerce
    .number()
    .int()
    .min(200)
    .default(2_000)
    .describe('Time between two probes of a cluster'),
  BERTH_PROBE_TIMEOUT_MS: z.coerce.number().int().min(100).default(3_000).describe('Patience of one probe'),
  BERTH_ENVIRONMENT_CLUSTERS: EnvironmentClustersText.default({}).describe(
    'Clusters an environment may use, e.g. prod=beijing,shanghai;dev=beijing; all where it is not named',
  ),
  BERTH_JOIN_DEADLINE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(180_000)
    .describe('How long a registered cluster may take to become ready before its operation fails'),
});
export type ClusterMgrConfig = z.output<typeof clusterMgrConfig>;

export const loadConfig = (env?: NodeJS.ProcessEnv): ClusterMgrConfig => readConfig(clusterMgrConfig, env);
