import type { Acknowledgement, Operation, ServiceListItem } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import {
  acknowledgementOf,
  cameAfter,
  inOrder,
  keyOfRow,
  moreUnwell,
  startOfDay,
  stepsDone,
  wellOf,
} from './workbench.js';

const row = (key: string, state: ServiceListItem['state'], given: Partial<ServiceListItem> = {}) => {
  const [project = '', environment = '', code = ''] = key.split('/');
  return {
    project,
    environment,
    code,
    state,
    owner: null,
    lastChange: null,
    stateSince: null,
    ...given,
  } as ServiceListItem;
};
const operation = (
  minute: number,
  kind: Operation['kind'],
  state: Operation['state'],
  { target = 'shop/test/web', by = 'me' } = {},
) => ({ kind, state, target, actor: { id: by }, acceptedAt: new Date(minute * 60_000).toISOString() }) as Operation;

describe('what is unwell', () => {
  test('comes with production first, the worst before the rest, and what somebody looks after behind them', () => {
    const rows = [
      row('shop/test/a', 'down'),
      row('shop/prod/b', 'degraded'),
      row('shop/prod/c', 'down'),
      row('shop/prod/d', 'down'),
      row('shop/dev/e', 'unknown'),
    ];
    expect(inOrder(rows, new Set(['shop/prod/c'])).map(keyOfRow)).toEqual([
      'shop/prod/d',
      'shop/prod/b',
      'shop/prod/c',
      'shop/test/a',
      'shop/dev/e',
    ]);
  });

  test.each([
    ['still holds', '10:00', '09:50', '12:00', true],
    ['is over', '12:00', '09:50', '12:00', false],
    ['was about a trouble before this one', '11:30', '11:20', '12:00', false],
    ['was said minutes before the state changed again', '10:10', '10:05', '12:00', true],
  ])('an acknowledgement of 10:00 that %s', (_, now, since, until, holds) => {
    const at = (time: string) => `2026-01-01T${time}:00.000Z`;
    const said: Acknowledgement = {
      target: 'shop/prod/b',
      by: { id: 'u', name: '周航' },
      note: null,
      at: at('10:00'),
      until: at(until),
    };
    const found = acknowledgementOf(row('shop/prod/b', 'down', { stateSince: at(since) }), [said], Date.parse(at(now)));
    expect(found !== null).toBe(holds);
  });
});

describe('the sentence when nothing is unwell', () => {
  test('counts what runs apart from what is on its way, is stopped, or was never deployed', () => {
    expect(wellOf({ running: 12, deploying: 1, stopped: 2, undeployed: 3 })).toEqual([
      { state: 'running', count: 12 },
      { state: 'deploying', count: 1 },
      { state: 'stopped', count: 2 },
    ]);
    expect(wellOf({ undeployed: 3 })).toEqual([]);
  });

  test('of 260 that are unwell 50 are shown: 210 more', () => {
    expect(moreUnwell({ down: 200, unknown: 60, running: 9 }, 50)).toBe(210);
    expect(moreUnwell({ down: 1 }, 1)).toBe(0);
  });
});

test.each([
  ['minutes before the trouble', '09:58', false],
  ['minutes after it began', '10:02', true],
])('a last change %s', (_, at, after) => {
  const time = (text: string) => `2026-01-01T${text}:00.000Z`;
  const lastChange = { kind: 'service.scale', actor: { id: 'u', name: 'x' }, at: time(at), operationId: 'o' };
  const given = { lastChange, stateSince: time('10:00') } as Partial<ServiceListItem>;
  expect(cameAfter(row('shop/prod/b', 'down', given))).toBe(after);
});

describe('the first steps', () => {
  test('of nobody who did nothing: 0 of 4', () => expect([...stepsDone([], 'me')]).toEqual([]));

  test('tick from events in any order of the list: deploy, a failed upgrade, a good one after it, a rollback', () => {
    const all = [
      operation(4, 'service.rollback', 'succeeded'),
      operation(3, 'service.upgrade', 'succeeded'),
      operation(2, 'service.upgrade', 'failed'),
      operation(1, 'service.deploy', 'succeeded'),
    ];
    expect([...stepsDone(all, 'me')].sort()).toEqual(['break', 'deploy', 'fix', 'rollback']);
    expect([...stepsDone(all.slice(2), 'me')].sort()).toEqual(['break', 'deploy']);
  });

  test.each(['superseded', 'cancelled'] as const)(
    'a bad upgrade that is %s before its deadline was broken, too',
    (state) => {
      const all = [operation(2, 'service.upgrade', 'succeeded'), operation(1, 'service.upgrade', state)];
      expect([...stepsDone(all, 'me')].sort()).toEqual(['break', 'fix']);
    },
  );

  test('fixing what somebody else had broken is a fix, and breaking it was not mine', () => {
    const all = [
      operation(2, 'service.upgrade', 'succeeded'),
      operation(1, 'service.deploy', 'failed', { by: 'linxiao' }),
    ];
    expect([...stepsDone(all, 'me')]).toEqual(['fix']);
    expect([...stepsDone(all, 'linxiao')]).toEqual(['break']);
  });

  test('a good upgrade before the failure, or of another service, fixes nothing', () => {
    const all = [
      operation(1, 'service.upgrade', 'succeeded'),
      operation(2, 'service.upgrade', 'failed'),
      operation(3, 'service.upgrade', 'succeeded', { target: 'shop/test/other' }),
    ];
    expect([...stepsDone(all, 'me')]).toEqual(['break']);
  });
});

test('the day starts at midnight of the reader', () => {
  expect(startOfDay(new Date(2026, 10, 21, 13, 5)).getTime()).toBe(new Date(2026, 10, 21).getTime());
});
