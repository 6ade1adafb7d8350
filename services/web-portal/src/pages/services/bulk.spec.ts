import type { ServiceListItem } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { planOf } from './bulk.js';

const row = (code: string, given: Partial<ServiceListItem> = {}) =>
  ({
    project: 'shop',
    environment: 'test',
    code,
    uid: code,
    state: 'running',
    desired: 2,
    total: 2,
    paused: false,
    clusters: [{ cluster: 'beijing', desired: 1, ready: 1, updated: 1, fresh: true }],
    ...given,
  }) as ServiceListItem;
const always = () => true;
const shanghai = { clusters: [{ cluster: 'shanghai', desired: 4, ready: 4, updated: 4, fresh: true }], desired: 4 };

describe('the plan of a bulk action', () => {
  test('a restart of 3, one in production: 8 containers in 2 clusters', () => {
    const plan = planOf('restart', [row('a'), row('b'), row('c', { environment: 'prod', ...shanghai })], always, 0);
    expect([plan.hit.length, plan.containers, plan.clusters, plan.production]).toEqual([
      3,
      8,
      ['beijing', 'shanghai'],
      1,
    ]);
  });

  test.each([
    ['restart', { uid: null }, 'undeployed'],
    ['restart', { state: 'stopped' }, 'stopped'],
    ['stop', { state: 'deleting' }, 'deleting'],
    ['restart', { paused: true }, 'paused'],
    ['start', { state: 'stopped', paused: true }, 'paused'],
    ['start', {}, 'not_stopped'],
    ['start', { state: 'stopped' }, undefined],
    ['scale', { desired: 3 }, 'same'],
    ['scale', { desired: 1 }, undefined],
  ] as const)('%s of a service that is %j leaves it out because: %s', (action, given, reason) => {
    const plan = planOf(action, [row('a', given)], always, 3);
    expect(plan.left.map((left) => left.reason)).toEqual(reason ? [reason] : []);
    expect(plan.hit).toHaveLength(reason ? 0 : 1);
  });

  test('a start of 2 stopped services counts the 7 containers that come, not the 0 that are there', () => {
    const stopped = (total: number) => ({ state: 'stopped' as const, desired: 0, total });
    const plan = planOf('start', [row('a', stopped(3)), row('b', stopped(4))], always, 0);
    expect([plan.containers, plan.mayReachOthers]).toEqual([7, false]);
  });

  test('scaling to more may reach clusters that have none yet, scaling to fewer does not', () => {
    expect(planOf('scale', [row('a')], always, 5)).toMatchObject({ containers: 3, mayReachOthers: true });
    expect(planOf('scale', [row('a')], always, 1)).toMatchObject({ containers: 1, mayReachOthers: false });
  });

  test('without the right in production only the others are hit', () => {
    const may = (_: string, place?: { environment?: string }) => place?.environment !== 'prod';
    const plan = planOf('stop', [row('a'), row('b', { environment: 'prod' })], may, 0);
    expect([plan.hit.map(({ code }) => code), plan.left.map(({ reason }) => reason)]).toEqual([['a'], ['forbidden']]);
  });
});
