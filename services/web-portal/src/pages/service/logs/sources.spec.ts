import type { Container } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { allSources, chosenOf, keptAndChosen, shortNames } from './sources.js';

const container = (name: string, part: Partial<Container> = {}): Container => ({
  uid: name,
  name,
  cluster: 'beijing',
  state: 'running',
  detail: null,
  lastHeard: null,
  ready: true,
  restarts: 0,
  release: 1,
  image: null,
  node: null,
  ip: null,
  createdAt: '2026-11-21T09:00:00Z',
  startedAt: null,
  endedAt: null,
  exitCode: null,
  lastEnd: null,
  ...part,
});
const names = (rows: readonly Container[]) => rows.map((row) => row.name);

describe('whose output is shown', () => {
  const now = ['a', 'b', 'c'].map((name) => container(name));
  const ill = container('z', { state: 'crash_looping' });
  const gone = container('old', { endedAt: '2026-11-21T09:01:00Z' });

  test('of 4 that run, 3: the one that is ill is among them', () => {
    expect(names(chosenOf([...now, ill], {}))).toEqual(['z', 'a', 'b']);
  });

  test('the one that is named, also when it is gone', () => {
    expect(names(chosenOf(allSources(now, [gone]), { cluster: 'beijing', container: 'old' }))).toEqual(['old']);
  });

  test('with nothing running the newest that is gone; with nothing at all, nothing', () => {
    expect(names(chosenOf([gone], {}))).toEqual(['old']);
    expect(chosenOf([], {})).toEqual([]);
  });

  test('what is read stays in its place when another falls ill, and is filled up when one ends', () => {
    const [a, b, c] = now as [Container, Container, Container];
    const before = chosenOf(now, {});
    expect(names(before)).toEqual(['a', 'b', 'c']);
    expect(names(keptAndChosen(before, [a, { ...b, state: 'not_ready' }, c, ill], {}))).toEqual(['a', 'b', 'c']);
    const ended = { ...b, endedAt: '2026-11-21T10:00:00Z' };
    expect(names(keptAndChosen(before, [a, c, ill, ended], {}))).toEqual(['a', 'c', 'z']);
    expect(names(keptAndChosen([a], [{ ...a, endedAt: '2026-11-21T10:00:00Z' }], {}))).toEqual(['a']);
  });

  test('the one that is named stays while it is in neither list: gone a moment ago', () => {
    const asked = { cluster: 'beijing', container: 'old' };
    expect(names(keptAndChosen([container('old')], now, asked))).toEqual(['old']);
    expect(keptAndChosen([container('old')], allSources(now, [gone]), asked)[0]?.endedAt).toBe(gone.endedAt);
    expect(names(keptAndChosen([], now, asked))).toEqual(['a', 'b', 'c']);
  });

  test('only those of the cluster that is named', () => {
    const other = container('s', { cluster: 'shanghai' });
    expect(names(chosenOf([...now, other], { cluster: 'shanghai' }))).toEqual(['s']);
  });

  test('a container that is both now and past is listed once', () => {
    expect(allSources(now, [container('a')])).toHaveLength(3);
  });

  test('short names have the cluster only where there are 2', () => {
    const one = container('cart-7d9-x2x4z');
    expect(shortNames([one])).toEqual(['x2x4z']);
    expect(shortNames([one, container('cart-7d9-9k8jq', { cluster: 'shanghai' })])).toEqual([
      'beijing/x2x4z',
      'shanghai/9k8jq',
    ]);
  });
});
