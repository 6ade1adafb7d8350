import type { Operation } from '@berth/api';
import type { OperationStep } from '@berth/contracts';
import { ago, uuid } from './basics.js';
import { people } from './people.js';

export const operations = new Map<string, Operation>();
export const failed: Operation = {
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
    },
    {
      name: 'split_replicas',
      state: 'done',
      startedAt: ago(328_900),
      endedAt: ago(328_500),
      detail: 'beijing 2, shanghai 2',
      split: [
        {
          cluster: 'beijing',
          replicas: 2,
          reason: { code: 'even_share', params: { from: 2, fits: 9, freePercent: 61 } },
        },
        { cluster: 'shanghai', replicas: 2, reason: { code: 'kept', params: { from: 2, fits: 12, freePercent: 74 } } },
      ],
    },
    ...['beijing', 'shanghai'].flatMap((name): OperationStep[] => [
      {
        name: 'namespace' as const,
        cluster: name,
        state: 'done' as const,
        startedAt: ago(328_500),
        endedAt: ago(328_500),
      },
      {
        name: 'apply' as const,
        cluster: name,
        state: 'done' as const,
        startedAt: ago(328_500),
        endedAt: ago(328_000),
        fact: { code: 'applied', params: { release: 2, replicas: 2 } },
      },
      {
        name: 'pull' as const,
        cluster: name,
        state: 'done' as const,
        startedAt: ago(328_000),
        endedAt: ago(321_000),
      },
      {
        name: 'start' as const,
        cluster: name,
        state: 'done' as const,
        startedAt: ago(321_000),
        endedAt: ago(319_000),
        fact: { code: 'started', params: { started: 2, desired: 2 } },
      },
      {
        name: 'ready' as const,
        cluster: name,
        state: 'failed' as const,
        startedAt: ago(319_000),
        endedAt: ago(29_000),
        detail: 'ready 0/2; probe_failing: GET :8080/ready 404',
        fact: {
          code: 'ready',
          params: { ready: 0, desired: 2, cause: 'probe_failing', said: 'GET :8080/ready 404' },
        },
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
  cancel: null,
};
operations.set(failed.id, failed);

/** The one step of a registration, with what was seen of the cluster when it was ready. */
const joined = (cluster: string, at: number): Operation['steps'] => [
  {
    ...{ name: 'ready', cluster, state: 'done', startedAt: ago(at - 500), endedAt: ago(at - 19_000) },
    detail: 'answers in 9 ms; watch live; last heard 0 s ago',
    proof: [
      { code: 'answers', params: { latencyMs: 9 } },
      { code: 'watch_live' },
      { code: 'heard', params: { seconds: 0 } },
    ],
  },
];

interface Ended {
  readonly kind: Operation['kind'];
  readonly target: string;
  readonly minutesAgo: number;
  readonly by?: keyof typeof people;
  readonly state?: Operation['state'];
  readonly effect?: Operation['effect'];
}
const ended: Ended[] = [
  {
    kind: 'service.upgrade',
    target: 'wealth/prod/account-api',
    minutesAgo: 12,
    effect: {
      from: { release: 7, image: 'wealth/account-api:2.4.0' },
      to: { release: 8, image: 'w/account-api:2.4.1' },
    },
  },
  {
    kind: 'service.scale',
    target: 'pay/prod/cashier',
    minutesAgo: 35,
    by: 'ops',
    effect: { from: { replicas: 6 }, to: { replicas: 8 } },
  },
  { kind: 'service.deploy', target: 'loan/dev/loan-h5', minutesAgo: 48, state: 'failed' },
  { kind: 'service.restart', target: 'wealth-quote/prod/quote-gateway', minutesAgo: 70, by: 'ops' },
  {
    kind: 'service.rollback',
    target: 'wealth/prod/report-api',
    minutesAgo: 95,
    effect: { from: { release: 4, image: 'wealth/report-api:1.0.0' }, to: { release: 5, image: 'w/report-api:0.9.0' } },
  },
  { kind: 'cluster.register', target: 'shanghai', minutesAgo: 180, by: 'admin' },
];
for (const row of ended) {
  const at = row.minutesAgo * 60_000;
  const operation: Operation = {
    ...failed,
    id: uuid(),
    kind: row.kind,
    target: row.target,
    state: row.state ?? 'succeeded',
    actor: people[row.by ?? 'dev'],
    cause: null,
    acceptedAt: ago(at),
    startedAt: ago(at - 500),
    endedAt: ago(at - 19_000),
    effect: row.effect ?? null,
    ...(row.kind === 'cluster.register' && { steps: joined(row.target, at) }),
    problem: row.state === 'failed' ? failed.problem : null,
  };
  operations.set(operation.id, operation);
}

/** One that is in the middle of its way. */
const running: Operation = {
  ...failed,
  id: '00000000-0000-4000-8000-000000000002',
  kind: 'service.deploy',
  target: 'pay/staging/cashier',
  state: 'running',
  actor: people.dev,
  cause: '5.13 预发验证',
  acceptedAt: ago(14_000),
  startedAt: ago(13_600),
  endedAt: null,
  deadlineAt: ago(-286_000),
  steps: failed.steps
    .filter(({ name }) => name !== 'ready')
    .map((step) => (step.name === 'start' ? { ...step, state: 'running', endedAt: undefined } : step)),
  effect: { to: { release: 1, image: 'pay/cashier:5.13.0-rc1' } },
  problem: null,
};
operations.set(running.id, running);

/** An upgrade that rolls out and may be cancelled, and a restart that waits for it. */
const upgrading: Operation = {
  ...running,
  id: '00000000-0000-4000-8000-000000000003',
  kind: 'service.upgrade',
  target: 'wealth/prod/account-api',
  cause: '修复对账',
  effect: { from: { release: 7, image: 'w/account-api:2.4.0' }, to: { release: 8, image: 'w/account-api:2.4.1' } },
  steps: running.steps.map((step) => ({ ...step })),
};
const waiting: Operation = {
  ...upgrading,
  id: '00000000-0000-4000-8000-000000000004',
  kind: 'service.restart',
  state: 'accepted',
  acceptedAt: ago(8_000),
  startedAt: null,
  effect: null,
  steps: [
    {
      name: 'check',
      state: 'waiting',
      startedAt: ago(8_000),
      fact: { code: 'waits_for', params: { kind: 'service.upgrade', operationId: upgrading.id } },
    },
  ],
};
const unscaled: Operation = {
  ...failed,
  id: '00000000-0000-4000-8000-000000000005',
  kind: 'service.scale',
  target: 'wealth/test/account-api',
  effect: { from: { replicas: 4 }, to: { replicas: 6 } },
};
for (const operation of [upgrading, waiting, unscaled]) operations.set(operation.id, operation);
