import { readFileSync } from 'node:fs';
import type { Context } from '../context.js';
import { gatewayUrl, setupPasswordFile } from '../services.js';
import type { TaskUnit } from '../unit.js';
import { ApiUser } from './api-user.js';
import { awaitClusters, joinClusters, type JoiningCluster } from './clusters.js';
import { enterFirst, enterRest, enterSmall } from './enter.js';
import { peopleSessions, samplePasswordsFile } from './people.js';
import { Stage } from './stage.js';

/** The account that `up` works with. It is a user like any other: what it does is in the audit. */
const setupUser = 'setup';

async function setupSession(context: Context): Promise<ApiUser> {
  const user = new ApiUser(gatewayUrl(context));
  await user.login(setupUser, readFileSync(setupPasswordFile(context), 'utf8').trim());
  return user;
}

/** Registers the platform's clusters through the public API, and waits until all of them take services. */
export function joinUnit(context: Context, clusters: readonly JoiningCluster[], needs: string[]): TaskUnit {
  return {
    kind: 'task',
    name: 'join',
    title: `${clusters.length} clusters joined`,
    group: 'sample',
    needs,
    async run(report) {
      const user = await setupSession(context);
      await joinClusters(user, clusters, report);
      await awaitClusters(user, report);
    },
  };
}

/** Enters the sample company through the CMDB push and the public API. `up` waits for its first six services only. */
export function sampleUnits(context: Context, imagePrefix: string): TaskUnit[] {
  const passwords = samplePasswordsFile(context.settings);
  const places = {
    journal: context.path('sample.json'),
    cmdbToken: context.path('keys', 'cmdb-token'),
    passwords,
  };
  const stage = async () => {
    const setup = await setupSession(context);
    return new Stage(setup, places, peopleSessions(setup.url, passwords));
  };
  const unit = { kind: 'task', group: 'sample' } as const;
  const needs = ['join', 'images', 'debian-images'];
  if (context.desired.sample === 'small') {
    return [
      {
        ...unit,
        name: 'sample',
        title: 'sample: 2 projects, 4 services',
        needs,
        run: async (report) => enterSmall(await stage(), imagePrefix, report),
      },
    ];
  }
  return [
    {
      ...unit,
      name: 'sample',
      title: 'sample company 云帆集团: five people, six services',
      needs,
      run: async (report) => enterFirst(await stage(), imagePrefix, passwords, report),
    },
    {
      ...unit,
      name: 'sample-rest',
      title: 'sample company: the other services, and what happened to them',
      needs: ['sample'],
      gates: false,
      run: async (report) => enterRest(await stage(), imagePrefix, report),
    },
  ];
}
