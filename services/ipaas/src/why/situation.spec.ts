import { describe, expect, test } from '@jest/globals';
import type { ServiceSpec } from '@berth/contracts';
import { explain } from '@berth/engines/why';
import { at, observed, target, uid } from '../service/service.builders.js';
import { aSpec } from '../workload/workload.builders.js';
import { causeOf, factsOf, type ContainerRow, type Situation } from './situation.js';

const crashing: ContainerRow = {
  cluster: 'beijing',
  namespace: 'shop-prod',
  name: 'cart-1',
  release: 1,
  state: 'crash_looping',
  detail: 'exit code 78',
  ready: false,
  restarts: 4,
  restartsLast10Minutes: 3,
  createdAt: at.toISOString(),
  lastEnd: { exitCode: 78, reason: 'Error', at: null },
};
const seen = (cluster: string, change: Parameters<typeof observed>[1] = {}) => ({
  ...observed(cluster, change),
  observedAt: at.toISOString(),
});

function situation(change: Partial<Situation> = {}): Situation {
  return {
    uid,
    key: 'shop/prod/cart',
    release: 1,
    spec: null,
    image: null,
    lastGood: null,
    wasGood: false,
    unreadySince: at,
    stateSince: null,
    targets: [target('beijing'), target('shanghai')],
    observed: [seen('beijing', { ready: 0 }), seen('shanghai')],
    containers: [crashing],
    ...change,
  };
}

describe('the situation of a service', () => {
  test('counts replicas over its clusters', () => {
    expect(factsOf(situation(), at)).toMatchObject({ desired: 4, ready: 2, silent: [], refusals: [] });
  });

  test('gives the short cause with exit code and restarts', () => {
    expect(causeOf(situation(), at)).toEqual({
      kind: 'config_missing',
      params: { exitCode: 78 },
      cluster: 'beijing',
      exitCode: 78,
      restartsLast10Minutes: 3,
      since: at.toISOString(),
    });
  });

  test('a process that ends after 1 s each time was never well: it is ill since its container began', () => {
    const createdAt = new Date(at.getTime() - 11 * 60_000).toISOString();
    const restless = (ranSeconds: number, readiness: ServiceSpec['readiness']) => {
      const container = { ...crashing, createdAt, lastEnd: { exitCode: 78, reason: 'Error', at: null, ranSeconds } };
      const now = situation({ wasGood: true, spec: aSpec({ readiness }), containers: [container] });
      return [causeOf(now, at)?.since, factsOf(now, at).wasGood];
    };
    expect(restless(1, null)).toEqual([createdAt, false]);
    expect(restless(60, null)).toEqual([at.toISOString(), true]);
    expect(restless(1, aSpec().readiness)).toEqual([at.toISOString(), true]);
  });

  test('in a silent cluster nobody knows how a container is: the silence is the finding', () => {
    const silent = situation({ observed: [seen('beijing', { ready: 0, fresh: false }), seen('shanghai')] });
    expect(explain(factsOf(silent, at))).toMatchObject({ kind: 'cluster_silent', params: { cluster: 'beijing' } });
  });

  test('an end of 11 minutes ago is no cause of a container that has run since', () => {
    const lastEnd = { exitCode: 137, reason: 'OOMKilled', at: new Date(at.getTime() - 660_000).toISOString() };
    const running = { ...crashing, state: 'not_ready' as const, restartsLast10Minutes: 0, lastEnd };
    expect(causeOf(situation({ containers: [running] }), at)?.kind).not.toBe('out_of_memory');
    expect(causeOf(situation({ containers: [running] }), new Date(at.getTime() - 120_000))?.kind).toBe('out_of_memory');
  });

  test('knows what one container reserves: in test a quarter of its size', () => {
    const known = factsOf(
      situation({ key: 'shop/test/cart', spec: aSpec({ size: { cpuMillis: 1000, memoryMiB: 1024 } }) }),
      at,
    );
    expect(known.spec?.request).toEqual({ cpuMillis: 250, memoryMiB: 256 });
  });

  test('a cause of a container is no refusal of its cluster, a quota is', () => {
    const codes = (causeCode: string) =>
      factsOf(situation({ observed: [seen('beijing', { ready: 0, causeCode, causeDetail: 'x' })] }), at).refusals;
    expect(codes('crash_loop')).toEqual([]);
    expect(codes('quota')).toEqual([{ cluster: 'beijing', code: 'quota', detail: 'x' }]);
  });

  test('a service that is well has no cause', () => {
    const well = { ...crashing, state: 'running' as const, ready: true };
    expect(causeOf(situation({ observed: [seen('beijing'), seen('shanghai')], containers: [well] }), at)).toBeNull();
  });
});
