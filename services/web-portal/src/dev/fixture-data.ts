import type {
  AuditRow,
  CatalogService,
  Cluster,
  CmdbPush,
  Container,
  Me,
  Operation,
  Project,
  Release,
  ServiceDetail,
  User,
} from '@berth/api';
import { defaultSize, type EnvironmentName, type ServiceSpec, type ServiceState } from '@berth/contracts';

export const minute = 60_000;
export const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
export const uuid = () => crypto.randomUUID();
export const digest = (text: string) =>
  `sha256:${[...text]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, 'a')
    .slice(0, 64)}`;
const portal = 'portal' as const;
export const people = {
  admin: { id: uuid(), name: '陈敏', channel: portal },
  dev: { id: uuid(), name: '林晓', channel: portal },
  ops: { id: uuid(), name: '周航', channel: portal },
};

export const me: Me = {
  id: people.admin.id,
  username: 'admin',
  name: '陈敏',
  mustChangePassword: false,
  bindings: [{ role: 'platform-admin', scope: 'platform' }],
  platformPermissions: [
    'session',
    'project.read',
    'service.read',
    'service.logs',
    'service.deploy',
    'service.rollback',
    'service.scale',
    'service.restart',
    'service.startStop',
    'service.delete',
    'secret.write',
    'operation.read',
    'cluster.read',
    'cluster.manage',
    'cmdb.read',
    'member.read',
    'member.manage',
    'audit.read',
    'platform.read',
    'deadLetter.manage',
  ],
  csrfToken: 'fixture',
};

const line = (code: string, name: string) => ({ code, name });
const project = (slug: string, name: string, businessLine: { code: string; name: string }): Project => ({
  slug,
  code: slug,
  name,
  businessLine,
  cmdbId: `cmdb-${slug}`,
  retired: false,
  allowsUnregistered: true,
  services: 4,
});
export const projects = [
  project('wealth', '财富平台', line('wm', '财富')),
  project('wealth-quote', '行情', line('wm', '财富')),
  project('pay', '支付核心', line('pay', '支付')),
  project('loan', '普惠贷款', line('loan', '普惠')),
];
export const catalog: CatalogService[] = ['fund-detail', 'risk-rule', 'settle-batch'].map((code) => ({
  project: 'wealth',
  code,
  name: `${code} 服务`,
  cmdbId: `cmdb-${code}`,
  owner: '林晓',
  retired: false,
}));

export const specFor = (image: string): ServiceSpec => ({
  image,
  size: defaultSize,
  ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
  variables: [
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'DB_PASSWORD', secret: { name: 'DB_PASSWORD', version: 2 } },
  ],
  readiness: { kind: 'http', path: '/ready', port: 8080, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 },
  liveness: null,
  startupAllowanceSeconds: 60,
  gracefulStopSeconds: 30,
  runAsUser: null,
  rolloutDeadlineSeconds: 300,
});
export const resolved = (image: string) => ({
  reference: image,
  repository: image.split(':')[0] ?? image,
  tag: image.split(':')[1] ?? null,
  digest: digest(image),
  architecture: 'amd64',
  user: '10001',
  exposedPorts: [8080],
  sizeBytes: 84_300_000,
});

interface Seed {
  key: string;
  name: string;
  state: ServiceState;
  image?: string;
  ready?: [number, number];
  desired?: [number, number];
  reason?: string;
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
  { key: 'wealth/test/fund-detail', name: '基金详情', state: 'undeployed' },
];

export const services = new Map<string, ServiceDetail>(seeds.map((seed, index) => [seed.key, detailOf(seed, index)]));

/** Adds plain services until there are so many. */
export function fill(count: number): void {
  for (let index = services.size; index < count; index += 1) {
    const key = `pay/dev/batch-${String(index).padStart(4, '0')}`;
    services.set(
      key,
      detailOf({ key, name: `批量 ${index}`, state: 'running', image: 'pay/batch:1.0.0', desired: [1, 1] }, index),
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
  }));
  return {
    project,
    environment: environment as EnvironmentName,
    code,
    name: seed.name,
    uid: deployed ? uuid() : null,
    state: seed.state,
    reason: seed.reason ?? null,
    desired: desired[0] + desired[1],
    ready: ready[0] + ready[1],
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
        ? [{ cluster: 'beijing', field: 'replicas', manager: 'kubectl-scale', at: ago(3 * minute), corrected: true }]
        : [],
    runningOperations: [],
    createdAt: ago(9 * 24 * 60 * minute),
  };
}

export function containersOf(service: ServiceDetail, past: boolean): Container[] {
  const bad: Container['state'] =
    service.state === 'down'
      ? 'crash_looping'
      : service.state === 'deploy_failed'
        ? 'image_error'
        : service.state === 'deploying'
          ? 'pulling'
          : service.state === 'changing'
            ? 'starting'
            : 'not_ready';
  return service.clusters.flatMap((row) =>
    Array.from(
      { length: past ? 2 : row.cluster === 'shanghai' && service.state === 'changing' ? row.desired - 1 : row.desired },
      (_, index): Container => {
        const ok = index < row.ready;
        const name = `${service.code}-${past ? '6f7c9' : '7d9f8c5b6'}-${row.cluster.slice(0, 2)}${index}${past ? 'old' : ''}`;
        return {
          uid: `${name}-uid`,
          name,
          cluster: row.cluster,
          state: past ? 'ended' : ok ? 'running' : bad,
          detail:
            past || ok
              ? null
              : bad === 'crash_looping'
                ? 'back-off 40s restarting failed container'
                : bad === 'image_error'
                  ? 'manifest unknown: loan/h5:0.1.0'
                  : bad === 'not_ready'
                    ? 'GET :8080/ready 503'
                    : 'Pulling image 40 s',
          ready: ok && !past,
          restarts: bad === 'crash_looping' && !ok ? 7 : 0,
          release: past ? 2 : service.release,
          image: service.image,
          node: `${row.cluster}-node-1`,
          ip: `10.61.0.${20 + index}`,
          createdAt: ago((past ? 300 : 12) * minute),
          startedAt: ago((past ? 299 : 11.5) * minute),
          endedAt: past ? ago(13 * minute) : null,
          exitCode: past ? 0 : null,
          lastEnd: bad === 'crash_looping' && !ok ? { reason: 'Error', exitCode: 78, at: ago(minute) } : null,
        };
      },
    ),
  );
}

export function releasesOf(service: ServiceDetail): Release[] {
  if (!service.spec || !service.image) return [];
  const versions = [
    service.image,
    service.image.replace(/:.*/, ':1.2-bad-probe'),
    service.image.replace(/:.*/, ':0.9'),
  ];
  return versions.map((image, index) => ({
    number: 3 - index,
    kind: index === 2 ? 'deploy' : 'upgrade',
    from: null,
    spec: {
      ...specFor(`registry.local/${image}`),
      ...(index === 2 && {
        size: { cpuMillis: 500, memoryMiB: 512 },
        variables: [{ name: 'LOG_LEVEL', value: 'debug' }],
      }),
    },
    image: resolved(image),
    rendererVersion: 1,
    actor: { id: people.dev.id, name: index === 1 ? '周航' : '林晓' },
    cause: index === 2 ? null : '修复查询超时',
    createdAt: ago((index + 1) * 55 * minute),
    readyAt: index === 1 ? null : ago((index + 1) * 55 * minute - 21_000),
    result: index === 1 ? 'failed' : 'available',
    operationId: '00000000-0000-4000-8000-000000000001',
    live: index === 0,
    lastGood: index === 2,
  }));
}

const cluster = (name: string, displayName: string, phase: Cluster['phase']): Cluster => ({
  name,
  displayName,
  site: displayName,
  reach: 'podIP',
  phase,
  reason: phase === 'ready' ? 'probe 200, watch live' : 'probe: connection refused 6 times, watch stale 48 s',
  since: ago(90 * minute),
  epoch: 1,
  version: 'v1.34.2',
  watch: phase === 'ready' ? 'live' : 'stale',
  heardAt: ago(phase === 'ready' ? 900 : 48_000),
  probe: { at: ago(900), kind: 'readyz', latencyMs: 6.2 },
  capacity: {
    allocatable: { cpuMillis: 4000, memoryMiB: 8192, pods: 110 },
    reserved: { cpuMillis: 1450, memoryMiB: 3072, pods: 14 },
    foreign: { cpuMillis: 300, memoryMiB: 400, pods: 9 },
  },
  nodes: [
    {
      name: `${name}-node-1`,
      ready: phase === 'ready',
      schedulable: true,
      allocatable: { cpuMillis: 4000, memoryMiB: 8192, pods: 110 },
      requested: { cpuMillis: 1750, memoryMiB: 3472, pods: 23 },
    },
  ],
  services: 9,
});
export const clusters = [cluster('beijing', '北京', 'ready'), cluster('shanghai', '上海', 'suspect')];

export const operations = new Map<string, Operation>();
const failed: Operation = {
  id: '00000000-0000-4000-8000-000000000001',
  kind: 'service.upgrade',
  target: 'wealth/prod/sample-web',
  state: 'failed',
  actor: people.dev,
  cause: '上线新的就绪检查',
  acceptedAt: ago(330_000),
  startedAt: ago(329_400),
  endedAt: ago(29_000),
  deadlineAt: ago(29_000),
  steps: [
    { name: 'check', state: 'done', startedAt: ago(329_400), endedAt: ago(329_000) },
    {
      name: 'record_release',
      state: 'done',
      startedAt: ago(329_000),
      endedAt: ago(328_900),
      detail: '#2 samples/web:1.2-bad-probe',
    },
    {
      name: 'split_replicas',
      state: 'done',
      startedAt: ago(328_900),
      endedAt: ago(328_500),
      detail: 'beijing 2 · shanghai 2',
    },
    ...['beijing', 'shanghai'].flatMap((name) => [
      { name: 'apply' as const, cluster: name, state: 'done' as const, startedAt: ago(328_500), endedAt: ago(328_000) },
      {
        name: 'pull' as const,
        cluster: name,
        state: 'done' as const,
        startedAt: ago(328_000),
        endedAt: ago(321_000),
        detail: '84 MB',
      },
      { name: 'start' as const, cluster: name, state: 'done' as const, startedAt: ago(321_000), endedAt: ago(319_000) },
      {
        name: 'ready' as const,
        cluster: name,
        state: 'failed' as const,
        startedAt: ago(319_000),
        endedAt: ago(29_000),
        detail: 'ready 0/1: GET :8080/ready 404',
        attempts: 1,
      },
    ]),
  ],
  effect: { from: { release: 1, image: 'samples/web:1.1' }, to: { release: 2, image: 'samples/web:1.2-bad-probe' } },
  problem: {
    code: 'rollout_deadline',
    title: 'Not ready in time',
    detail: 'After 300 seconds 0 of 4 containers of release #2 are ready.',
    params: { seconds: 300, ready: 0, desired: 4, release: 2, cause: 'GET :8080/ready 404', stillServes: '#1 · 4/4' },
    stillWorks: '#1 · 4/4',
    actor: 'you',
    todo: 'Look at the log.',
  },
  result: null,
  correlationId: 'c0ffee00-1111-4222-8333-444455556666',
  medianMs: 21_000,
};
operations.set(failed.id, failed);

export const users: User[] = [
  {
    id: people.admin.id,
    username: 'chenmin',
    name: '陈敏',
    active: true,
    mustChangePassword: false,
    lastLoginAt: ago(minute),
    bindings: [{ role: 'platform-admin', scope: 'platform' }],
  },
  {
    id: people.ops.id,
    username: 'zhouhang',
    name: '周航',
    active: true,
    mustChangePassword: false,
    lastLoginAt: ago(200 * minute),
    bindings: [{ role: 'operator', scope: 'platform' }],
  },
  {
    id: people.dev.id,
    username: 'linxiao',
    name: '林晓',
    active: true,
    mustChangePassword: true,
    lastLoginAt: null,
    bindings: [
      { role: 'developer', scope: 'tenant:wm' },
      { role: 'owner', scope: 'environment:wealth/test' },
    ],
  },
];
const counts = (created: number, unchanged: number, rejected = 0) => ({
  created,
  updated: 0,
  retired: 0,
  unchanged,
  rejected,
});
export const pushes: CmdbPush[] = [
  {
    id: uuid(),
    source: 'cmdb',
    version: 3,
    dryRun: false,
    at: ago(5 * minute),
    durationMs: 84,
    result: 'applied',
    counts: { businessLines: counts(0, 4), projects: counts(0, 6), services: counts(1, 13, 1) },
    rejected: [
      {
        kind: 'service',
        cmdbId: 'svc-77',
        index: 14,
        field: 'code',
        reason: 'codes that start with kube- are reserved',
      },
    ],
  },
  {
    id: uuid(),
    source: 'cmdb',
    version: 2,
    dryRun: false,
    at: ago(60 * minute),
    durationMs: 31,
    result: 'unchanged',
    counts: { businessLines: counts(0, 4), projects: counts(0, 6), services: counts(0, 14) },
    rejected: [],
  },
];
export const audit: AuditRow[] = Array.from({ length: 40 }, (_, index) => ({
  sequence: 40 - index,
  at: ago(index * 7 * minute),
  actor: index % 3 ? people.dev : people.admin,
  address: '10.0.3.17',
  action: ['deployService', 'scaleService', 'login', 'setBindings'][index % 4] ?? 'login',
  target: ['wealth/prod/sample-web', 'pay/prod/cashier', 'linxiao', 'zhouhang'][index % 4] ?? '',
  cause: index % 4 === 0 ? '修复查询超时' : null,
  result: index === 5 ? 'forbidden' : index % 4 < 2 ? 'accepted' : 'done',
  problemCode: index === 5 ? 'forbidden' : null,
  operationId: index % 4 < 2 ? failed.id : null,
  correlationId: uuid(),
}));
