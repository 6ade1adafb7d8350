import type { ServiceDetail } from '@berth/api';
import { defaultSize, type EnvironmentName, type ServiceState } from '@berth/contracts';
import { refuse, type Call } from '../call.js';
import { ago, minute, uuid } from './basics.js';
import { people } from './people.js';
import { resolved, specFor } from './spec.js';
import { causeOf } from './why.js';

interface Seed {
  key: string;
  name: string;
  state: ServiceState;
  image?: string;
  ready?: [number, number];
  desired?: [number, number];
  reason?: string;
  /** The image of an upgrade that failed on top of what serves. */
  failed?: string;
}
const seeds: Seed[] = [
  { key: 'wealth/prod/sample-web', name: '样例网站', state: 'running', image: 'samples/web:1.0', desired: [2, 2] },
  { key: 'wealth/test/sample-web', name: '样例网站', state: 'running', image: 'samples/web:1.1', desired: [1, 1] },
  {
    key: 'wealth/prod/account-api',
    name: '账户接口',
    state: 'changing',
    image: 'wealth/account-api:2.4.1',
    desired: [2, 2],
    ready: [2, 1],
  },
  {
    key: 'wealth/prod/report-api',
    name: '报表接口',
    state: 'degraded',
    image: 'wealth/report-api:0.9.0',
    desired: [1, 1],
    ready: [1, 0],
    reason: 'probe_failing',
  },
  {
    key: 'wealth-quote/prod/quote-push',
    name: '行情推送(故意)',
    state: 'down',
    image: 'quote/push:3.1.0',
    desired: [1, 1],
    ready: [0, 0],
    reason: 'crash_loop',
  },
  {
    key: 'wealth-quote/prod/quote-gateway',
    name: '行情网关',
    state: 'running',
    image: 'quote/gateway:3.0.8',
    desired: [3, 3],
  },
  { key: 'pay/prod/cashier', name: '收银台', state: 'running', image: 'pay/cashier:5.12.0', desired: [4, 4] },
  {
    key: 'pay/staging/cashier',
    name: '收银台',
    state: 'deploying',
    image: 'pay/cashier:5.13.0-rc1',
    desired: [1, 1],
    ready: [0, 0],
    reason: 'pulling',
  },
  { key: 'pay/prod/reconcile-worker', name: '对账', state: 'stopped', image: 'pay/reconcile:1.0.2', desired: [0, 0] },
  {
    key: 'loan/prod/credit-score',
    name: '信用评分',
    state: 'unknown',
    image: 'loan/score:2.2.0',
    desired: [2, 2],
    ready: [2, 2],
    reason: 'cluster_silent',
  },
  {
    key: 'loan/dev/loan-h5',
    name: '贷款 H5',
    state: 'deploy_failed',
    image: 'loan/h5:0.1.0',
    desired: [1, 1],
    ready: [0, 0],
    reason: 'image_pull',
  },
  {
    key: 'wealth/staging/sample-web',
    name: '样例网站',
    state: 'running',
    image: 'samples/web:1.1',
    desired: [1, 1],
    reason: 'rollout_halted',
    failed: 'samples/web:1.2-bad-probe',
  },
  { key: 'wealth/test/fund-detail', name: '基金详情', state: 'undeployed' },
];

export const services = new Map<string, ServiceDetail>(seeds.map((seed, index) => [seed.key, detailOf(seed, index)]));

/** Adds plain services until there are so many. */
export function fill(count: number): void {
  for (let index = services.size; index < count; index += 1) {
    const key = `pay/dev/batch-${String(index).padStart(4, '0')}`;
    services.set(
      key,
      detailOf(
        { key, name: `批量 ${index}`, state: 'running', image: 'pay/batch:1.0.0', desired: [2, index % 9 ? 2 : 3] },
        index,
      ),
    );
  }
}

export function detailOf(seed: Seed, index: number): ServiceDetail {
  const [project = '', environment = '', code = ''] = seed.key.split('/');
  const desired = seed.desired ?? [0, 0];
  const ready = seed.ready ?? desired;
  const deployed = seed.image !== undefined;
  const clusters = ['beijing', 'shanghai'].map((cluster, at) => ({
    cluster,
    desired: desired[at] ?? 0,
    ready: ready[at] ?? 0,
    updated: ready[at] ?? 0,
    fresh: !(seed.state === 'unknown' && at === 1),
    ...(seed.state === 'unknown' && at === 1 && { silentSince: ago(4 * minute) }),
  }));
  return {
    project,
    environment: environment as EnvironmentName,
    code,
    name: seed.name,
    uid: deployed ? uuid() : null,
    state: seed.state,
    reason: seed.reason ?? null,
    cause: causeOf(seed.state),
    stateSince: deployed ? ago((index + 1) * 7 * minute) : null,
    paused: false,
    desired: desired[0] + desired[1],
    ready: ready[0] + ready[1],
    total: deployed ? desired[0] + desired[1] || 2 : null,
    clusters: deployed ? clusters : [],
    image: seed.image ?? null,
    release: deployed ? 3 : null,
    size: deployed ? defaultSize : null,
    restartsLastHour: seed.state === 'down' ? 14 : 0,
    lastChange: deployed
      ? {
          kind: index % 3 === 0 ? 'service.upgrade' : 'service.scale',
          actor: people.dev,
          at: ago((index + 2) * 11 * minute),
          operationId: '00000000-0000-4000-8000-000000000001',
        }
      : null,
    owner: '林晓',
    cmdbId: index === 8 ? null : `svc-${1000 + index}`,
    unregistered: index === 8,
    specVersion: 5,
    spec: deployed ? specFor(`registry.local/${seed.image}`) : null,
    resolvedImage: deployed ? resolved(seed.image ?? '') : null,
    placement: deployed
      ? {
          generation: 4,
          total: desired[0] + desired[1],
          stopped: seed.state === 'stopped',
          policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
          assignments: clusters.map((row) => ({ cluster: row.cluster, replicas: row.desired, reason: 'even_share' })),
        }
      : null,
    target: seed.failed ? targetOf(seed.failed) : null,
    candidate: null,
    addresses: deployed
      ? [
          {
            cluster: 'beijing',
            kind: 'nodePort',
            address: '10.61.0.2',
            port: 31_080,
            portName: 'http',
            reachableFrom: 'host',
          },
          {
            cluster: 'shanghai',
            kind: 'nodePort',
            address: '10.62.0.2',
            port: 31_080,
            portName: 'http',
            reachableFrom: 'host',
          },
          {
            cluster: 'beijing',
            kind: 'dns',
            address: `${code}.${project}-${environment}.svc`,
            port: 8080,
            portName: 'http',
            reachableFrom: 'cluster',
          },
        ]
      : [],
    externalChanges:
      seed.state === 'degraded'
        ? [
            {
              cluster: 'beijing',
              field: 'replicas',
              manager: 'kubectl-scale',
              at: ago(3 * minute),
              corrected: true,
              correctedAt: ago(3 * minute - 4000),
              count: 3,
              desired: '1',
              observed: '5',
            },
          ]
        : [],
    missingReplicas: [],
    pause: null,
    runningOperations: [],
    createdAt: ago(9 * 24 * 60 * minute),
  };
}

function targetOf(image: string): ServiceDetail['target'] {
  return {
    release: 4,
    kind: 'upgrade',
    result: 'failed',
    spec: { ...specFor(`registry.local/${image}`), variables: [{ name: 'LOG_LEVEL', value: 'debug' }] },
    resolvedImage: resolved(image),
    actor: { id: people.dev.id, name: '林晓' },
    createdAt: ago(6 * minute),
    operationId: '00000000-0000-4000-8000-000000000001',
  };
}

/** The service a call is about. */
export const serviceAt = ({ params }: Call) => {
  const { project = '', environment = '', service = '' } = params;
  return services.get(`${project}/${environment}/${service}`) ?? refuse('not_found', { what: '服务' });
};
