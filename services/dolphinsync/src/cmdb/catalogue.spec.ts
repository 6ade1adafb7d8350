import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differenceOf, type Catalogue, type Changes, type Difference } from './catalogue.js';
import { checkSnapshot, hashOf, type RawRows } from './snapshot.js';
import { standingOf } from './version.js';

const empty: Catalogue = { lines: [], projects: [], services: [] };
const line = { cmdbId: 'l1', code: 'wealth', name: '财富' };
const project = { cmdbId: 'p1', code: 'shop', name: '商城', businessLine: 'l1' };
const service = { cmdbId: 's1', code: 'cart', name: '购物车', project: 'p1', owner: '林晓' };
const first: RawRows = { businessLines: [line], projects: [project], services: [service] };

/** What the tables hold after the changes are written. */
function written(known: Catalogue, difference: Difference): Catalogue {
  const merge = <Row extends object>(rows: readonly Row[], changes: Changes<Row>, keyOf: (row: Row) => string) => {
    const all = new Map(rows.map((row) => [keyOf(row), row]));
    for (const { row } of changes.missing) all.set(keyOf(row), { ...row, retired: true });
    for (const { after } of changes.changes) all.set(keyOf(after), after);
    return [...all.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  };
  return {
    lines: merge(known.lines, difference.lines, (row) => row.cmdbId),
    projects: merge(known.projects, difference.projects, (row) => row.slug),
    services: merge(known.services, difference.services, (row) => `${row.project}/${row.code}`),
  };
}
function change(known: Catalogue, raw: RawRows): Difference {
  return differenceOf(known, checkSnapshot(raw), 'cmdb', new Set(known.projects.map(({ slug }) => slug)));
}
const after = (known: Catalogue, raw: RawRows) => written(known, change(known, raw));
const isEmpty = (difference: Difference) =>
  Object.values(difference).every(({ changes, missing }: Changes<unknown>) => changes.length + missing.length === 0);
/** `rename shop/cart`: what happens to which row. */
const changesOf = <Row extends object>({ changes, missing }: Changes<Row>) => [
  ...changes.map(({ change, after: row }) => `${change} ${keyIn(row)}`),
  ...missing.map(({ row, nowAt }) => `missing ${keyIn(row)}${nowAt ? ` now ${nowAt}` : ''}`),
];
const keyIn = (row: object) =>
  'slug' in row
    ? String(row.slug)
    : 'project' in row && 'code' in row
      ? `${String(row.project)}/${String(row.code)}`
      : '';

describe('a snapshot', () => {
  const known = after(empty, first);

  test('that is the first creates 1 line, 1 project with its slug, 1 service', () => {
    const { lines, projects, services } = change(empty, first);
    expect([lines.changes.length, changesOf(projects), changesOf(services)]).toEqual([
      1,
      ['create shop'],
      ['create shop/cart'],
    ]);
    expect(known.projects[0]).toMatchObject({ slug: 'shop', lineName: '财富', retired: false });
  });

  test('that comes again changes nothing', () => {
    expect(isEmpty(change(known, first))).toBe(true);
  });

  test('with another code for a project keeps its slug and the keys of its services', () => {
    const renamed = { ...first, projects: [{ ...project, code: 'mall', name: '新商城' }] };
    const { projects, services } = change(known, renamed);
    expect(projects.changes).toMatchObject([
      { change: 'rename', after: { slug: 'shop', code: 'mall', name: '新商城' } },
    ]);
    expect(services.unchanged).toBe(1);
  });

  test('with another name for a business line says it about its projects', () => {
    const { projects } = change(known, {
      ...first,
      businessLines: [{ ...line, name: '财富管理', allowsUnregistered: true }],
    });
    expect(projects.changes).toMatchObject([
      { change: 'update', after: { lineName: '财富管理', allowsUnregistered: true } },
    ]);
  });

  test('without a service misses it, and the next one with it takes it up again', () => {
    const without = change(known, { ...first, services: [] });
    expect(changesOf(without.services)).toEqual(['missing shop/cart']);
    const retired = written(known, without);
    expect(isEmpty(change(retired, { ...first, services: [] }))).toBe(true);
    expect(changesOf(change(retired, first).services)).toEqual(['restore shop/cart']);
  });

  test('with a service under another code renames it: the old place is missing and says where it went', () => {
    const { services } = change(known, { ...first, services: [{ ...service, code: 'basket' }] });
    expect(changesOf(services)).toEqual(['rename shop/basket', 'missing shop/cart now shop/basket']);
  });

  test('with a service in another project moves it; with a project in another line too', () => {
    const wider = after(known, {
      businessLines: [line, { ...line, cmdbId: 'l2', code: 'pay' }],
      projects: [project, { ...project, cmdbId: 'p2', code: 'bank' }],
      services: [service],
    });
    const moved = change(wider, {
      businessLines: [line, { ...line, cmdbId: 'l2', code: 'pay' }],
      projects: [
        { ...project, businessLine: 'l2' },
        { ...project, cmdbId: 'p2', code: 'bank' },
      ],
      services: [{ ...service, project: 'p2' }],
    });
    expect(changesOf(moved.projects)).toEqual(['move shop']);
    expect(changesOf(moved.services)).toEqual(['move bank/cart', 'missing shop/cart now bank/cart']);
  });

  test('in which two services change their codes renames both, and neither place is missing', () => {
    const two = { ...first, services: [service, { ...service, cmdbId: 's2', code: 'pay' }] };
    const swapped = {
      ...first,
      services: [
        { ...service, code: 'pay' },
        { ...service, cmdbId: 's2' },
      ],
    };
    const { services } = change(after(known, two), swapped);
    expect(changesOf(services)).toEqual(['rename shop/pay', 'rename shop/cart']);
  });

  test('with a bad row for a service leaves what is known of it: rejected is not missing', () => {
    const bad = { ...first, services: [{ ...service, code: 'Not A Code' }] };
    expect(isEmpty(change(known, bad))).toBe(true);
  });

  test('with a bad row for a project leaves the project and its services', () => {
    expect(isEmpty(change(known, { ...first, projects: [{ ...project, name: '' }] }))).toBe(true);
  });
});

describe('whatever the CMDB pushes', () => {
  const id = (prefix: string) => fc.integer({ min: 0, max: 5 }).map((number) => `${prefix}${number}`);
  const word = fc.constantFrom('cart', 'pay', '商城', 'Bad Code', 'x', '');
  const snapshot: fc.Arbitrary<RawRows> = fc.record({
    businessLines: fc.array(fc.record({ cmdbId: id('l'), code: word, name: word }), { maxLength: 4 }),
    projects: fc.array(fc.record({ cmdbId: id('p'), code: word, name: word, businessLine: id('l') }), { maxLength: 6 }),
    services: fc.array(fc.record({ cmdbId: id('s'), code: word, name: word, project: id('p') }), { maxLength: 8 }),
  });

  test('pushing the same twice changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(snapshot, { maxLength: 4 }), snapshot, (earlier, last) => {
        const known = [...earlier, last].reduce(after, empty);
        expect(isEmpty(change(known, last))).toBe(true);
      }),
    );
  });

  test('nothing is ever deleted, and a slug is never given to another project', () => {
    fc.assert(
      fc.property(fc.array(snapshot, { minLength: 2, maxLength: 5 }), (snapshots) => {
        let known = empty;
        for (const one of snapshots) {
          const next = after(known, one);
          const owners = new Map(next.projects.map(({ slug, cmdbId }) => [slug, cmdbId]));
          for (const { slug, cmdbId } of known.projects) expect(owners.get(slug)).toBe(cmdbId);
          expect(next.services.length).toBeGreaterThanOrEqual(known.services.length);
          expect(new Set(next.projects.map(({ slug }) => slug)).size).toBe(next.projects.length);
          known = next;
        }
      }),
    );
  });

  test('two snapshots in any order end with the newer one', () => {
    const push = (
      state: { known: Catalogue; source: { version: number; contentHash: string } | null },
      raw: RawRows,
      version: number,
    ) => {
      const source = { version, contentHash: hashOf(raw), baseVersion: null };
      return standingOf(state.source, source) === 'current' ? { known: after(state.known, raw), source } : state;
    };
    // By CMDB ids, because a slug that two projects would like goes to the one that was there first.
    const present = ({ known }: { known: Catalogue }) => {
      const ids = new Map(known.projects.map(({ slug, cmdbId }) => [slug, cmdbId]));
      const projects = known.projects.filter(({ retired }) => !retired);
      const services = known.services.filter(({ retired }) => !retired);
      return [
        ...projects.map(({ cmdbId, code, name, lineId }) => [cmdbId, code, name, lineId].join()),
        ...services.map((row) => [ids.get(row.project), row.code, row.cmdbId, row.name].join()),
      ].sort();
    };
    // A bad row of the newer one would leave what the older one said of it, so its good rows are the snapshot.
    const good = snapshot.map(checkSnapshot).map(({ lines: businessLines, projects, services }): RawRows => {
      return { businessLines, projects, services };
    });
    fc.assert(
      fc.property(snapshot, good, (older, newer) => {
        const start = { known: empty, source: null };
        const inOrder = push(push(start, older, 1), newer, 2);
        const turned = push(push(start, newer, 2), older, 1);
        expect(present(inOrder)).toEqual(present(turned));
      }),
      { numRuns: 500 },
    );
  });
});
