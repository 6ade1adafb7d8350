import type { Acknowledgement, Operation, ServiceListItem } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { acknowledgementOf, inOrder, isMyService, keyOfRow, startOfDay, stepsDone } from './workbench.js';

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
const operation = (minute: number, kind: Operation['kind'], state: Operation['state'], target = 'shop/test/web') =>
  ({ kind, state, target, acceptedAt: new Date(minute * 60_000).toISOString() }) as Operation;

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

describe('mine', () => {
  const me = { id: 'u-1', name: '林晓', username: 'linxiao' };
  const actor = { id: 'u-1', name: '林晓', channel: 'portal' as const };
  const lastChange = { kind: 'service.scale', actor, at: '2026-01-01T00:00:00Z', operationId: 'o' };
  test.each([
    ['what I own by name', { owner: '林晓' }, true],
    ['what I own by login', { owner: 'linxiao' }, true],
    ['what I changed last', { lastChange }, true],
    ['what others own', { owner: '何静' }, false],
  ])('%s', (_, given, mine) => {
    expect(isMyService(row('shop/prod/b', 'down', given), me)).toBe(mine);
  });
});

describe('the first steps', () => {
  test('of nobody who did nothing: 0 of 4', () => expect([...stepsDone([])]).toEqual([]));

  test('tick from events in any order of the list: deploy, a failed upgrade, a good one after it, a rollback', () => {
    const all = [
      operation(4, 'service.rollback', 'succeeded'),
      operation(3, 'service.upgrade', 'succeeded'),
      operation(2, 'service.upgrade', 'failed'),
      operation(1, 'service.deploy', 'succeeded'),
    ];
    expect([...stepsDone(all)].sort()).toEqual(['break', 'deploy', 'fix', 'rollback']);
    expect([...stepsDone(all.slice(2))].sort()).toEqual(['break', 'deploy']);
  });

  test('a good upgrade before the failure, or of another service, fixes nothing', () => {
    const all = [
      operation(1, 'service.upgrade', 'succeeded'),
      operation(2, 'service.upgrade', 'failed'),
      operation(3, 'service.upgrade', 'succeeded', 'shop/test/other'),
    ];
    expect([...stepsDone(all)]).toEqual(['break']);
  });
});

test('the day starts at midnight of the reader', () => {
  expect(startOfDay(new Date(2026, 10, 21, 13, 5)).getTime()).toBe(new Date(2026, 10, 21).getTime());
});
