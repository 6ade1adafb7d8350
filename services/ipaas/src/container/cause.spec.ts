import type { SlimPod } from '@berth/clients/kubernetes';
import { describe, expect, test } from '@jest/globals';
import { causeOf, type CauseInput } from './cause.js';
import { aDeployment, aPod, aYoungPod, ago, now } from './container.builders.js';

const input = (change: Partial<CauseInput>): CauseInput => ({
  release: 1,
  deployment: aDeployment(),
  pods: [],
  failure: null,
  probeWords: () => null,
  ...change,
});
const pulling: Partial<SlimPod> = { name: 'b', state: { waiting: { reason: 'ErrImagePull', message: 'unknown' } } };
const unready = aPod({ name: 'c', ready: false });
const crashing = aPod({
  name: 'a',
  ready: false,
  restarts: 2,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastTermination: { exitCode: 1 },
});

describe('the cause of a trouble', () => {
  test('nothing when every container is ready, or too young to be judged', () => {
    expect(causeOf(input({ pods: [aPod(), aYoungPod()] }), now)).toBeNull();
  });

  test('an image that cannot be pulled comes before a crash, a crash before a check that fails', () => {
    expect(causeOf(input({ pods: [unready, crashing, aYoungPod(pulling)] }), now)).toEqual({
      code: 'image_pull',
      detail: 'b: ErrImagePull: unknown',
      end: null,
    });
    expect(causeOf(input({ pods: [unready, crashing] }), now)).toEqual({
      code: 'crash_loop',
      detail: 'a: exit code 1',
      end: { container: 'a', exitCode: 1, signal: null, reason: null, message: null },
    });
    expect(causeOf(input({ pods: [unready] }), now)?.code).toBe('probe_failing');
  });

  test('the words of the kubelet are used for a check that fails, where they are known', () => {
    const said = causeOf(input({ pods: [unready], probeWords: () => 'HTTP probe failed with statuscode: 503' }), now);
    expect(said?.detail).toBe('c: HTTP probe failed with statuscode: 503');
  });

  test('a restart of 9 minutes ago explains a container that is not ready, one of 11 minutes ago does not', () => {
    const restarted = (secondsAgo: number) =>
      aPod({ ready: false, restarts: 1, lastTermination: { exitCode: 137, finishedAt: ago(secondsAgo) } });
    expect(causeOf(input({ pods: [restarted(540)] }), now)?.code).toBe('crash_loop');
    expect(causeOf(input({ pods: [restarted(660)] }), now)?.code).toBe('probe_failing');
  });

  test('only the newest release is judged while it has containers', () => {
    const old = aPod({ ...crashing, release: '1' });
    expect(causeOf(input({ release: 2, pods: [old, aPod({ release: '2' })] }), now)).toBeNull();
    expect(causeOf(input({ release: 2, pods: [old] }), now)?.code).toBe('crash_loop');
  });

  test('a container on its way out is no cause', () => {
    expect(causeOf(input({ pods: [{ ...crashing, deletionTimestamp: ago(1) }] }), now)).toBeNull();
  });

  test('a refusal to write comes before everything; a silent cluster is no cause of the service', () => {
    const failure = { code: 'quota', detail: 'exceeded quota' } as const;
    expect(causeOf(input({ pods: [crashing], failure }), now)).toEqual({ ...failure, end: null });
    expect(causeOf(input({ failure: { code: 'unreachable', detail: '' } }), now)).toBeNull();
  });

  test('a missing Secret is config, a full cluster is unschedulable, an evicted container is exit', () => {
    const config = aYoungPod({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'no secret' } } });
    const full = aYoungPod({
      node: undefined as never,
      unscheduled: { reason: 'Unschedulable', message: 'Insufficient cpu' },
    });
    const evicted = aPod({ ready: false, phase: 'Failed', reason: 'Evicted', state: {} });
    const codes = [config, full, evicted].map((pod) => causeOf(input({ pods: [pod] }), now)?.code);
    expect(codes).toEqual(['config', 'unschedulable', 'exit']);
  });

  test('a quota that lets no container be made is read from the Deployment', () => {
    const message = 'pods "cart-1" is forbidden: exceeded quota: compute';
    const deployment = aDeployment({
      replicas: { spec: 2, total: 0, updated: 0, ready: 0, available: 0 },
      progressing: { status: 'False', reason: 'FailedCreate', message },
    });
    expect(causeOf(input({ deployment }), now)).toEqual({ code: 'quota', detail: message, end: null });
  });
});
