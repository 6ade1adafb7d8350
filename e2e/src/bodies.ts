import { type routes } from '@berth/api';
import { type z } from 'zod';

/** Body of a first deploy of a sample image, small enough that dozens fit on a laptop. */
export function deployBody(
  code: string,
  image: string,
  change: { replicas?: number; [field: string]: unknown } = {},
): z.input<typeof routes.deployService.body> {
  const { replicas = 1, ...spec } = change;
  return {
    code,
    name: `样例 ${code}`,
    replicas,
    policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
    spec: {
      image,
      size: { cpuMillis: 20, memoryMiB: 32 },
      ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
      variables: [],
      readiness: {
        kind: 'http',
        path: '/healthz',
        port: 8080,
        periodSeconds: 1,
        timeoutSeconds: 1,
        failureThreshold: 3,
      },
      liveness: null,
      startupAllowanceSeconds: 30,
      gracefulStopSeconds: 2,
      runAsUser: null,
      rolloutDeadlineSeconds: 60,
      ...spec,
    },
  };
}
