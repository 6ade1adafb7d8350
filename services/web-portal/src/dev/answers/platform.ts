import { page, refuse, type Answers } from '../call.js';
import { operations } from '../data/operations.js';
import { me, users } from '../data/people.js';
import { audit, clusters } from '../data/platform.js';
import { catalog, projects } from '../data/projects.js';
import { adminAnswers } from './admin.js';
import { operate } from './operate.js';

let loggedIn = true;
export function startLoggedOut(): void {
  loggedIn = false;
}

/** Session, members, operations, audit, clusters. */
export const platform: Answers = {
  getSession: () => (loggedIn ? me : refuse('not_logged_in')),
  login: (call) => {
    if (call.body.password === 'wrong') refuse('wrong_credentials');
    loggedIn = true;
    return { ...me, mustChangePassword: call.body.password === 'first' };
  },
  logout: () => null,
  changePassword: () => me,
  listUsers: ({ query }) => {
    const text = (query.get('text') ?? '').toLowerCase();
    return page(users.filter(({ username, name }) => username.includes(text) || name.toLowerCase().includes(text)));
  },
  listOperations: ({ query }) =>
    page(
      [...operations.values()]
        .filter((row) => !query.get('target') || row.target === query.get('target'))
        .filter((row) => !query.get('kind') || row.kind === query.get('kind'))
        .filter((row) => !query.get('actor') || row.actor.id === query.get('actor'))
        .filter((row) => query.get('state') !== 'running' || row.endedAt === null)
        .filter((row) => query.get('state') !== 'ended' || row.endedAt !== null)
        .filter((row) => query.get('state') !== 'failed' || row.state === 'failed' || row.state === 'refused')
        .filter((row) => !query.get('endedSince') || (row.endedAt ?? '') >= (query.get('endedSince') ?? ''))
        .filter((row) => !query.get('since') || row.acceptedAt >= (query.get('since') ?? ''))
        .filter((row) => `${row.target} ${row.actor.name}`.includes(query.get('search') ?? ''))
        .sort((a, b) => (a.acceptedAt < b.acceptedAt ? 1 : -1)),
    ),
  getOperation: (call) => operations.get(call.params.id ?? '') ?? refuse('not_found', { what: '操作' }),
  listAudit: ({ query }) => page(audit.filter((row) => !query.get('result') || row.result === query.get('result'))),
  listProjectAudit: ({ params, query }) =>
    page(
      audit
        .filter((row) => row.target.startsWith(`${params.project}/`))
        .filter((row) => !query.get('result') || row.result === query.get('result')),
    ),
  ...adminAnswers,
  listProjects: () => page(projects),
  listCatalogServices: () => page(catalog),
  listClusters: () => page(clusters),
  sealClusterCredential: (call) => ({
    credential: String(call.body.kubeconfig).includes('bad') ? null : { name: 'x', version: 1 },
    apiServer: 'https://10.63.0.2:6443',
    caPem: 'pem',
    checks: [
      { name: 'reachable', state: 'ok', code: 'answers', params: {}, detail: 'it answers over verified TLS' },
      {
        name: 'version',
        state: 'ok',
        code: 'version',
        params: { version: 'v1.34.2', oldest: 'v1.30' },
        detail: 'v1.34.2',
      },
      String(call.body.kubeconfig).includes('bad')
        ? {
            name: 'rights',
            state: 'failed',
            code: 'rights_missing',
            params: { rules: 'list pods, watch pods' },
            detail: 'missing: list pods, watch pods',
          }
        : { name: 'rights', state: 'ok', code: 'rights_bound', params: {}, detail: 'enough' },
      { name: 'nodes', state: 'ok', code: 'nodes', params: { ready: 3, all: 3, cores: 24 }, detail: '3 of 3 ready' },
      {
        name: 'image_pull',
        state: 'warning',
        code: 'pull_not_checked',
        params: { registries: 'registry.local' },
        detail: 'not checked',
      },
      { name: 'storage_class', state: 'warning', code: 'storage_none', params: { names: '' }, detail: 'there is none' },
      {
        name: 'foreign_objects',
        state: 'warning',
        code: 'foreign',
        params: { names: 'pay-prod, shop-test', count: 2 },
        detail: 'not ours and left alone: pay-prod, shop-test',
      },
    ],
  }),
  removeCluster: (call) => operate('cluster.remove', call.params.cluster ?? '', null, () => undefined),
  registerCluster: (call) => operate('cluster.register', String(call.body.name), null, () => undefined),
};
