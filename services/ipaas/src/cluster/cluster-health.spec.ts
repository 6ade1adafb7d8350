import { describe, expect, test } from '@jest/globals';
import { clusterHealth, type Answer, type HealthInput } from './cluster-health.js';

const nowMs = 1_000_000;
const answer = (kind: Answer['kind'], agoMs: number): Answer => ({
  kind,
  atMs: nowMs - agoMs,
  detail: kind === 'ok' ? null : 'why',
});
const following = ['Pod', 'Deployment', 'Node'].map((kind) => ({ kind, currentAtMs: nowMs }));
const behind = (ageMs: number) =>
  following.map((each, at) => (at === 1 ? { ...each, currentAtMs: nowMs - ageMs } : each));
const health = (change: Partial<HealthInput>) =>
  clusterHealth({
    isSynced: true,
    kinds: following,
    watchHeardAtMs: nowMs - 60_000,
    lastAnswer: answer('ok', 0),
    nowMs,
    ...change,
  });

describe('whether what we know of a cluster is current', () => {
  test('watches that follow are live as long as the cluster answers, though they have said nothing for 60 s', () => {
    expect(health({})).toEqual({ watch: 'live', heardAtMs: nowMs, detail: null });
  });
  test('one of 3 watches that cannot follow for 10 s makes it stale, though the cluster answers and the others follow', () => {
    expect(health({ kinds: behind(10_000), watchHeardAtMs: nowMs }).watch).toBe('live');
    expect(health({ kinds: behind(10_001), watchHeardAtMs: nowMs })).toEqual({
      watch: 'stale',
      heardAtMs: nowMs - 10_001,
      detail: 'the cluster does not tell what becomes of Deployment',
    });
  });
  test('one lost answer is not silence: live for 10 s after the last word, stale after', () => {
    expect(health({ lastAnswer: answer('silent', 0), watchHeardAtMs: nowMs - 10_000 }).watch).toBe('live');
    expect(health({ lastAnswer: answer('silent', 0), watchHeardAtMs: nowMs - 10_001 })).toMatchObject({
      watch: 'stale',
      detail: 'why',
    });
  });
  test('a refusal is denied and not dead: the cluster was heard of just now', () => {
    expect(health({ lastAnswer: answer('denied', 500) })).toEqual({
      watch: 'denied',
      heardAtMs: nowMs - 500,
      detail: 'why',
    });
  });
  test('before the first complete list it is connecting, whatever it answers', () => {
    expect(health({ isSynced: false, watchHeardAtMs: 0 }).watch).toBe('connecting');
    expect(health({ isSynced: false, watchHeardAtMs: 0, lastAnswer: answer('silent', 0) })).toMatchObject({
      watch: 'connecting',
      heardAtMs: 0,
    });
  });
});
