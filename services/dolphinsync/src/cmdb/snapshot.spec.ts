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
      { cmdbId: 's1', index: 1, field: 'cmdbId', reason: 's1 is given twice' },
    ],
    [
      'is rejected when its code is given twice in one project',
      raw({ services: [service, { ...service, cmdbId: 's2' }] }),
      { cmdbId: 's2', index: 1, field: 'code', reason: 'cart is given twice' },
    ],
    [
      'is rejected when its code is no name of a service',
      raw({ services: [{ ...service, code: 'Cart_Service' }] }),
      {
        kind: 'service',
        field: 'code',
        reason: 'a code: a-z, 0-9 and dashes, 1 to 40 characters, starts with a letter',
      },
    ],
    [
      'is rejected when its project is not there',
      raw({ services: [{ ...service, project: 'p9' }] }),
      { field: 'project', reason: 'there is no usable project p9' },
    ],
    [
      'is rejected when its business line is not there',
      raw({ projects: [{ ...project, businessLine: 'l9' }], services: [] }),
      { kind: 'project', field: 'businessLine', reason: 'there is no usable business line l9' },
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

  test('the same code in two projects is good', () => {
    const other = { ...project, cmdbId: 'p2', code: 'bank' };
    const services = [service, { ...service, cmdbId: 's2', project: 'p2' }];
    expect(checkSnapshot(raw({ projects: [project, other], services })).rejected).toEqual([]);
  });
});

test('the order of rows and fields does not change what a snapshot is; a changed name does', () => {
  const other = { ...service, cmdbId: 's2', code: 'pay' };
  const turned = { project: 'p1', name: '购物车', code: 'cart', cmdbId: 's1' };
  expect(hashOf(raw({ services: [service, other] }))).toBe(hashOf(raw({ services: [other, turned] })));
  expect(hashOf(raw())).not.toBe(hashOf(raw({ services: [{ ...service, name: 'x' }] })));
});
