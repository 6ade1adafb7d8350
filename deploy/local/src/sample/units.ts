import type { Context } from '../context.js';
import { serviceCopies, setupPasswordFile } from '../services.js';
import type { TaskUnit } from '../unit.js';
import { awaitClusters, enterSample, joinClusters, setupSession, type JoiningCluster } from './enter.js';

const gatewayUrl = (context: Context): string =>
  serviceCopies(context).find((copy) => copy.service === 'gateway')?.url ?? '';

/** Registers the platform's clusters through the public API, and waits until all of them take services. */
export function joinUnit(context: Context, clusters: readonly JoiningCluster[], needs: string[]): TaskUnit {
  return {
    kind: 'task',
    name: 'join',
    title: `${clusters.length} clusters joined`,
    group: 'sample',
    needs,
    async run(report) {
      const user = await setupSession(gatewayUrl(context), setupPasswordFile(context));
      await joinClusters(user, clusters, report);
      await awaitClusters(user, report);
    },
  };
}

/** Enters the sample company through the CMDB push and the public API. */
export function sampleUnit(context: Context, imagePrefix: string): TaskUnit {
  return {
    kind: 'task',
    name: 'sample',
    title: 'sample company: 2 projects, 4 services',
    group: 'sample',
    needs: ['join', 'images', 'debian-images'],
    run: async (report) =>
      enterSample(
        await setupSession(gatewayUrl(context), setupPasswordFile(context)),
        imagePrefix,
        context.path('keys', 'cmdb-token'),
        report,
      ),
  };
}
