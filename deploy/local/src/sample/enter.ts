import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '@berth/api';
import type { Cluster, Operation } from '@berth/api';
import { writeText } from '../state.js';
import { ApiUser } from './api-user.js';
import { cmdbSnapshot, sampleServices } from './company.js';

/** A cluster to join, with the kubeconfig of its least rights. */
export interface JoiningCluster {
  readonly name: string;
  readonly displayName: string;
  readonly site: string;
  readonly kubeconfigFile: string;
}

/** The account that `up` works with. It is a user like any other: what it does is in the audit. */
export const setupUser = 'setup';

export async function setupSession(url: string, passwordFile: string): Promise<ApiUser> {
  const user = new ApiUser(url);
  await user.login(setupUser, readFileSync(passwordFile, 'utf8').trim());
  return user;
}

/** Joins every cluster that is not registered yet: check and seal its credential, register it, wait until it is ready. */
export async function joinClusters(
  user: ApiUser,
  clusters: readonly JoiningCluster[],
  report: (detail: string) => void,
): Promise<void> {
  const { items } = await user.ok(routes.listClusters);
  const known = new Set(items.map((cluster) => cluster.name));
  for (const { name, displayName, site, kubeconfigFile } of clusters.filter((cluster) => !known.has(cluster.name))) {
    report(`${name}: checking its kubeconfig`);
    const sealed = await user.ok(routes.sealClusterCredential, {
      body: { name, kubeconfig: readFileSync(kubeconfigFile, 'utf8') },
    });
    if (!sealed.credential) {
      const failed = sealed.checks
        .filter((check) => check.state === 'failed')
        .map((check) => `${check.name}: ${check.detail}`);
      throw new Error(`${name} cannot join: ${failed.join('; ')}`);
    }
    report(`${name}: joining`);
    const { apiServer, caPem, credential } = sealed;
    const body = { name, displayName, site, reach: 'podIP', apiServer, caPem, credential };
    expectSucceeded(`joining ${name}`, await user.operate(routes.registerCluster, { body }));
  }
}

/** After a stop the clusters were silent for a while: waits until each is heard again, and readmits one that was given up. */
export async function awaitClusters(user: ApiUser, report: (detail: string) => void): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { items } = await user.ok(routes.listClusters);
    const unwell = items.filter((cluster) => !isWell(cluster, Date.now()));
    const [first] = unwell;
    if (!first) return;
    if (Date.now() > deadline) throw new Error(`${first.name} is ${first.phase}: ${first.reason}`);
    report(unwell.map((cluster) => `${cluster.name} is ${cluster.phase}`).join(', '));
    for (const { name, phase } of unwell)
      if (phase === 'quarantined')
        await user.operate(routes.readmitCluster, { params: { cluster: name }, body: { cause: 'npm run up' } });
    await delay(500);
  }
}

/** Ready, and said so lately: what stands in the table right after a start may be from before the stop. */
export function isWell(cluster: Pick<Cluster, 'phase' | 'watch' | 'heardAt'>, nowMs: number): boolean {
  if (cluster.phase !== 'ready' || cluster.watch !== 'live' || cluster.heardAt === null) return false;
  return nowMs - Date.parse(cluster.heardAt) < 15_000;
}

/** Enters the sample company by a push of its CMDB and first deploys; what is there already is left alone. */
export async function enterSample(
  user: ApiUser,
  imagePrefix: string,
  tokenFile: string,
  report: (detail: string) => void,
): Promise<void> {
  report('the CMDB pushes its projects');
  await user.ok(routes.pushCmdb, {
    bearer: await cmdbToken(user, tokenFile),
    query: { dryRun: 'false' },
    body: cmdbSnapshot,
  });
  for (const { project, environment, body } of sampleServices(imagePrefix)) {
    const there = await user.call(routes.getService, { params: { project, environment, service: body.code } });
    if (there.status === 200) continue;
    report(`deploying ${project}/${environment}/${body.code}`);
    await eventuallyDeployed(user, { project, environment }, body);
  }
}

/** Right after the push the other services may not have heard of the project yet; then the deploy is sent again. */
async function eventuallyDeployed(
  user: ApiUser,
  params: { project: string; environment: 'dev' | 'test' | 'staging' | 'prod' },
  body: object,
): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await user.call(routes.deployService, { params, body });
    if (!answer.problem) return expectSucceeded(JSON.stringify(params), await user.ended(answer.data.operationId));
    const waits = ['unknown_project', 'unregistered_service', 'forbidden', 'not_found'].includes(answer.problem.code);
    if (!waits || Date.now() > deadline) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`);
    await delay(300);
  }
}

async function cmdbToken(user: ApiUser, file: string): Promise<string> {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const { token } = await user.ok(routes.createToken, {
    body: { name: '样例 CMDB', permission: 'cmdb.push', expiresInDays: 365 },
  });
  writeText(file, token, 0o600);
  return token;
}

function expectSucceeded(what: string, operation: Operation): void {
  if (operation.state !== 'succeeded')
    throw new Error(`${what}: ${operation.state}: ${operation.problem?.detail ?? ''}`);
}
