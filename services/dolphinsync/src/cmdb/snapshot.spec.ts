import { describe, expect, test } from '@jest/globals';
import { checkSnapshot, hashOf } from './snapshot.js';

const line = { cmdbId: 'l1', code: 'wealth', name: '财富' };
const project = { cmdbId: 'p1', code: 'shop', name: '商城', businessLine: 'l1' };
const service = { cmdbId: 's1', code: 'cart', name: '购物车', project: 'p1' };
const raw = (change: { businessLines?: unknown[]; projects?: unknown[]; services?: unknown[] } = {}) => ({
  businessLines: [line],
  projects: [project],
  services: [service],
  ...change,
});

describe('rows of a snapshot', () => {
  test('that are good are all taken, 1 + 1 + 1', () => {
    const { lines, projects, services, rejected } = checkSnapshot(raw());
    expect([lines.length, projects.length, services.length, rejected.length]).toEqual([1, 1, 1, 0]);
  });

  test.each<[string, ReturnType<typeof raw>, object]>([
    [
      'is rejected without a name',
      raw({ services: [service, { ...service, cmdbId: 's2', code: 'pay', name: '' }] }),
      { kind: 'service', cmdbId: 's2', index: 1, field: 'name' },
    ],
    [
      'is rejected without an id',
      raw({ services: [{ code: 'cart', name: 'x', project: 'p1' }] }),
      { kind: 'service', cmdbId: null, index: 0, field: 'cmdbId' },
    ],
    [
      'is rejected when its id is given twice',
      raw({ services: [service, { ...service, code: 'pay' }] }),
      { cmdbId: 's1', index: 1, field: 'cmdbId', code: 'given_twice', value: 's1' },
    ],
    [
      'is rejected when its code is given twice in one project',
      raw({ services: [service, { ...service, cmdbId: 's2' }] }),
      { cmdbId: 's2', index: 1, field: 'code', code: 'given_twice', value: 'cart' },
    ],
    [
      'is rejected when its code is no name of a service',
      raw({ services: [{ ...service, code: 'Cart_Service' }] }),
      {
        kind: 'service',
        field: 'code',
        code: 'not_a_service_code',
        value: 'Cart_Service',
      },
    ],
    [
      'is rejected when its project is not there',
      raw({ services: [{ ...service, project: 'p9' }] }),
      { field: 'project', code: 'unknown_parent', value: 'p9' },
    ],
    [
      'is rejected when its business line is not there',
      raw({ projects: [{ ...project, businessLine: 'l9' }], services: [] }),
      { kind: 'project', field: 'businessLine', code: 'unknown_parent', value: 'l9' },
    ],
    [
      'is rejected when its code is kept for Kubernetes',
      raw({ services: [{ ...service, code: 'kube-proxy' }] }),
      { code: 'reserved_code', value: 'kube-proxy' },
    ],
    [
      'is rejected when its name is a number',
      raw({ services: [{ ...service, name: 7 }] }),
      { code: 'wrong_type', field: 'name', value: '7', params: { type: 'string' } },
    ],
    ['is rejected when it is no object', raw({ services: ['cart'] }), { code: 'not_an_object', value: 'cart' }],
    [
      'is rejected with a name of 1 MB, of which 100 characters are shown',
      raw({ services: [{ ...service, name: 'x'.repeat(1_000_000) }] }),
      { code: 'too_long', field: 'name', params: { max: 200 }, value: 'x'.repeat(100) },
    ],
    [
      'is rejected with NUL in its name, which no database holds',
      raw({ services: [{ ...service, name: 'a\u0000b' }] }),
      { code: 'control_character', field: 'name', value: 'a\ufffdb' },
    ],
    [
      'is rejected with half of a character in its name',
      raw({ services: [{ ...service, name: '\ud83d' }] }),
      { code: 'control_character', field: 'name' },
    ],
    [
      'is rejected when a Cyrillic letter stands for a Latin one in its code',
      raw({ projects: [{ ...project, code: 'sh\u043ep' }], services: [] }),
      { kind: 'project', code: 'mixed_letters', field: 'code' },
    ],
  ])('a row %s', (_, snapshot, expected) => {
    const { rejected } = checkSnapshot(snapshot);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatchObject(expected);
  });

  test('a rejected project rejects its 2 services too, each with its reason', () => {
    const { rejected } = checkSnapshot(
      raw({ projects: [{ ...project, name: '' }], services: [service, { ...service, cmdbId: 's2', code: 'pay' }] }),
    );
    expect(rejected.map(({ kind, field }) => `${kind} ${field}`)).toEqual([
      'project name',
      'service project',
      'service project',
    ]);
  });

  test('an emoji in a name and Chinese in the code of a project are good', () => {
    const projects = [{ ...project, name: '商城 🛒', code: '商城' }];
    expect(checkSnapshot(raw({ projects })).rejected).toEqual([]);
  });

  test('the same code in two projects is good', () => {
    const other = { ...project, cmdbId: 'p2', code: 'bank' };
    const services = [service, { ...service, cmdbId: 's2', project: 'p2' }];
    expect(checkSnapshot(raw({ projects: [project, other], services })).rejected).toEqual([]);
  });
});

describe('rows of a delta', () => {
  const base = { lines: [line], projects: [project], services: [service] };
  const nothing = { businessLines: [], projects: [], services: [] };

  test('leave what is known as it is, and find their parents there', () => {
    const pay = { ...service, cmdbId: 's2', code: 'pay' };
    const { services, projects, rejected } = checkSnapshot({ ...nothing, services: [pay] }, base);
    expect([projects.length, services.map(({ code }) => code), rejected]).toEqual([1, ['cart', 'pay'], []]);
  });

  test('replace a known row with the same id; a bad one leaves it', () => {
    const renamed = checkSnapshot({ ...nothing, services: [{ ...service, name: '篮子' }] }, base);
    expect(renamed.services.map(({ name }) => name)).toEqual(['篮子']);
    const bad = checkSnapshot({ ...nothing, services: [{ ...service, name: '' }] }, base);
    expect([bad.services.map(({ name }) => name), bad.rejected.length]).toEqual([['购物车'], 1]);
  });

  test('may not take the code of a known row, unless that row gives it up in the same delta', () => {
    const taker = { ...service, cmdbId: 's2' };
    expect(checkSnapshot({ ...nothing, services: [taker] }, base).rejected).toMatchObject([{ code: 'given_twice' }]);
    const both = [{ ...service, code: 'basket' }, taker];
    expect(checkSnapshot({ ...nothing, services: both }, base).rejected).toEqual([]);
  });
});

test('the order of rows and fields does not change what a snapshot is; a changed name does', () => {
  const other = { ...service, cmdbId: 's2', code: 'pay' };
  const turned = { project: 'p1', name: '购物车', code: 'cart', cmdbId: 's1' };
  expect(hashOf(raw({ services: [service, other] }))).toBe(hashOf(raw({ services: [other, turned] })));
  expect(hashOf(raw())).not.toBe(hashOf(raw({ services: [{ ...service, name: 'x' }] })));
});
