import { describe, expect, test } from '@jest/globals';
import type { Caller } from '../rights/caller.js';
import { hintEvent, maxReplay, maySee, placeOf, readLastEventId, resumeFrom, type StoredHint } from './feed.js';
import { FeedStream } from './feed.stream.js';

const aCaller = (bindings: Caller['bindings']): Caller => ({
  userId: 'u',
  userName: 'lin',
  displayName: '林晓',
  sessionId: 's',
  channel: 'portal',
  bindings,
  mustChangePassword: false,
});
const hint = (given: Partial<StoredHint>): StoredHint => ({
  seq: 1,
  kind: 'service',
  key: 'shop/prod/cart',
  version: 1,
  project: 'shop',
  environment: 'prod',
  ...given,
});

describe('what a reader sees', () => {
  const place = { project: null, environment: null };
  test.each([
    ['a service of the own environment', hint({}), 'environment:shop/prod', true],
    ['a service of another environment', hint({ environment: 'dev' }), 'environment:shop/prod', false],
    ['a service of another project', hint({ project: 'pay' }), 'project:shop', false],
    ['a service of the own business line', hint({}), 'tenant:t1', true],
    [
      'a project of which one environment is its own',
      hint({ kind: 'project', environment: null }),
      'environment:shop/dev',
      true,
    ],
    ['a cluster, with any role that reads clusters', hint({ kind: 'cluster', ...place }), 'environment:shop/dev', true],
    ['an operation of a cluster, for one project', hint({ kind: 'operation', ...place }), 'project:shop', false],
    ['an operation of a cluster, for the platform', hint({ kind: 'operation', ...place }), 'platform', true],
  ] as const)('%s', (_, given, scope, expected) => {
    expect(maySee(aCaller([{ role: 'viewer', scope }]), given, 't1')).toBe(expected);
  });

  test('is nothing without roles', () => {
    expect(
      (['service', 'operation', 'cluster', 'project'] as const).some((kind) =>
        maySee(aCaller([]), hint({ kind }), 't1'),
      ),
    ).toBe(false);
  });
});

describe('coming back', () => {
  test.each([
    ['a new reader starts where the feed is', null, 1, 100, { kind: 'live' }],
    ['a reader that missed nothing goes on', 100, 1, 100, { kind: 'live' }],
    ['a reader that missed 10 gets them', 90, 1, 100, { kind: 'replay', after: 90 }],
    ['a reader whose next is the oldest kept gets all', 50, 51, 100, { kind: 'replay', after: 50 }],
    ['a reader whose next is gone starts again', 49, 51, 100, { kind: 'reset' }],
    ['a reader from the future starts again', 101, 1, 100, { kind: 'reset' }],
    ['a reader of an emptied feed starts again', 5, null, 100, { kind: 'reset' }],
    [`a reader that missed ${maxReplay + 1} starts again`, 0, 1, maxReplay + 1, { kind: 'reset' }],
  ] as const)('%s', (_, lastSeen, oldest, position, expected) => {
    expect(resumeFrom(lastSeen, oldest, position)).toEqual(expected);
  });

  test.each([
    ['7', 7],
    [undefined, null],
    ['seven', null],
    ['-1', null],
  ])('Last-Event-ID %s is %s', (header, expected) => expect(readLastEventId(header)).toBe(expected));
});

test('only service keys have a place', () => {
  expect(placeOf('shop/prod/cart')).toEqual({ project: 'shop', environment: 'prod' });
  expect(placeOf('beijing')).toEqual({});
});

test('a reader that does not read gets at most 1 MiB, then a reset', () => {
  const stream = new FeedStream();
  const one = hintEvent(hint({ seq: 1 })).length;
  let pushed = 0;
  for (let seq = 1; seq <= 40_000; seq += 1) {
    const before = stream.readableLength;
    stream.hints([hint({ seq })], seq);
    if (stream.readableLength > before) pushed += 1;
  }
  expect(pushed * one).toBeLessThan(1_048_576 + 10 * one);
  const text = String(stream.read());
  expect(text.startsWith('id: 1\n')).toBe(true);
  expect(text.endsWith('\n\nid: 40000\nevent: reset\ndata: {"seq":40000}\n\n')).toBe(true);
});
