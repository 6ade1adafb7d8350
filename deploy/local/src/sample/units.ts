import { readFileSync, rmSync } from 'node:fs';
import { routes } from '@berth/api';
import type { Context } from '../context.js';
import { gatewayUrl, setupPasswordFile } from '../services.js';
import type { TaskUnit } from '../unit.js';
import { ApiUser } from './api-user.js';
import { awaitClusters, joinClusters, type JoiningCluster } from './clusters.js';
import { sampleSource } from './company.js';
import { enterFirst, enterRest, enterSmall } from './enter.js';
import { peopleSessions, samplePasswordsFile } from './people.js';
import { Stage } from './stage.js';

type Report = (detail: string) => void;

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
  /** Plays for a sample that is there, in the round in which it is; one that was removed is left alone until it is restored. */
  const play = async (report: Report, work: (stage: Stage) => Promise<void>) => {
    const setup = await setupSession(context);
    const { items } = await setup.ok(routes.listCmdbSources, {});
    const source = items.find((row) => row.source === sampleSource);
    if (source?.removed) {
      report('removed; restore it on the page of the CMDB and run `up` again');
      for (const file of [places.cmdbToken, places.passwords]) rmSync(file, { force: true });
      return;
    }
    await work(new Stage(setup, places, peopleSessions(setup.url, passwords), source?.restores ?? 0));
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
        run: (report) => play(report, (stage) => enterSmall(stage, imagePrefix, report)),
      },
    ];
  }
  return [
    {
      ...unit,
      name: 'sample',
      title: 'sample company 云帆集团: five people, six services',
      needs,
      run: (report) => play(report, (stage) => enterFirst(stage, imagePrefix, passwords, report)),
    },
    {
      ...unit,
      name: 'sample-rest',
      title: 'sample company: the other services, and what happened to them',
      needs: ['sample'],
      gates: false,
      run: (report) => play(report, (stage) => enterRest(stage, imagePrefix, report)),
    },
  ];
}
