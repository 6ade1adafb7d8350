import type { AuditRow, Cluster } from '@berth/api';
import { ago, minute, uuid } from './basics.js';
import { failed } from './operations.js';
import { people } from './people.js';

const cluster = (name: string, displayName: string, phase: Cluster['phase']): Cluster => ({
  name,
  displayName,
  site: displayName,
  reach: 'podIP',
  phase,
  reason: phase === 'ready' ? 'answers in 6 ms; watch live' : 'does not answer; watch stale',
  proof:
    phase === 'ready'
      ? [
          { code: 'answers', params: { latencyMs: 6 } },
          { code: 'watch_live', params: {} },
          { code: 'heard', params: { seconds: 1 } },
        ]
      : [
          { code: 'no_answer', params: { looks: 6, seconds: 12, detail: 'connect ECONNREFUSED 10.62.0.2:6443' } },
          { code: 'watch_stale', params: {} },
          { code: 'heard', params: { seconds: 48 } },
        ],
  since: ago(90 * minute),
  epoch: 1,
  version: 'v1.34.2',
  watch: phase === 'ready' ? 'live' : 'stale',
  heardAt: ago(phase === 'ready' ? 900 : 48_000),
  probe: { at: ago(900), kind: phase === 'ready' ? 'ok' : 'unreachable', latencyMs: 6.2 },
  capacity: {
    allocatable: { cpuMillis: 4000, memoryMiB: 8192, pods: 110 },
    reserved: { cpuMillis: 1450, memoryMiB: 3072, pods: 14 },
    foreign: { cpuMillis: 300, memoryMiB: 400, pods: 9 },
    limits: { cpuMillis: 5800, memoryMiB: 6144 },
  },
  nodes: [
    {
      name: `${name}-1`,
      machine: '5b8f6a0e',
      ready: phase === 'ready',
      schedulable: true,
      allocatable: { cpuMillis: 4000, memoryMiB: 8192, pods: 110 },
      requested: { cpuMillis: 1750, memoryMiB: 3472, pods: 23 },
    },
  ],
  services: 9,
  environments: name === 'beijing' ? ['dev', 'test', 'staging', 'prod'] : ['prod'],
});
export const clusters = [cluster('beijing', '北京', 'ready'), cluster('shanghai', '上海', 'suspect')];

export const audit: AuditRow[] = Array.from({ length: 40 }, (_, index) => ({
  position: 40 - index,
  sequence: index === 0 ? null : 40 - index,
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
