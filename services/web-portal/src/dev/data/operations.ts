import type { Operation } from '@berth/api';
import { ago } from './basics.js';
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
