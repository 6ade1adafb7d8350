import { expect, test } from '@jest/globals';
import { capacityProblem } from './capacity-problem.js';

const asked = { replicas: 4, size: { cpuMillis: 500, memoryMiB: 256 }, environment: 'prod' };

test.each([
  ['not_ready', { phase: 'suspect' }, 'beijing: it is suspect'],
  [
    'too_little_cpu',
    { asked: 500, free: 100, fits: 3 },
    'beijing: one more asks 500m CPU, 100m are free beside the 3 that fit',
  ],
  [
    'no_node_fits',
    { asked: 500, free: 400, resource: 'cpu' },
    'beijing: no node has the 500 of cpu that one asks; the emptiest has 400',
  ],
  ['something_newer', {}, 'beijing: something_newer'],
])('%s of a cluster is one row of errors, with numbers', (code, params, message) => {
  const problem = capacityProblem([{ cluster: 'beijing', code, params }], asked);
  expect(problem).toMatchObject({ code: 'no_capacity', params: { replicas: 4, cpuMillis: 500, memoryMiB: 256 } });
  expect(problem.errors).toEqual([{ path: 'beijing', code, message, params }]);
});

test('without any cluster the problem is that there is none', () => {
  expect(capacityProblem([], asked)).toMatchObject({ code: 'no_cluster', params: { environment: 'prod' } });
});
