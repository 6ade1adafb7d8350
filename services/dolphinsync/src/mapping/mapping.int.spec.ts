import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aCmdb, admin, line, project, service, snapshot, type Cmdb } from '../cmdb/cmdb.harness.js';

let it: Cmdb;
beforeAll(async () => {
  it = await aCmdb();
  await it.push(
    snapshot(1, {
      businessLines: [{ ...line, costCentre: 'CC-1' }],
      projects: [project, { ...project, cmdbId: 'p2', code: 'bank' }],
      services: [
        { ...service, owner: '林晓' },
        { ...service, cmdbId: 's2', code: 'tools', project: 'p2', owner: '何静' },
      ],
    }),
  );
  await it.runs('shop/prod/cart');
  await it.runs('shop/test/cart');
  await it.runs('shop/prod/tools');
  await it.said();
}, 60_000);
afterAll(() => it.close());

const page = (show: 'all' | 'linked' | 'unlinked' | 'undeployed' = 'all') => it.mapping.page({ show, limit: 50 });

test('services of both sides stand beside one another, with business line, cost centre and clusters', async () => {
  const { items } = await page();
  expect(items.map(({ project: at, code, link }) => `${at}/${code} ${link}`)).toEqual([
    'bank/tools code',
    'shop/cart code',
    'shop/tools none',
  ]);
  expect(items[1]).toMatchObject({
    cmdb: { cmdbId: 's1', owner: '林晓' },
    businessLine: { code: 'wealth' },
    costCentre: 'CC-1',
    environments: [{ environment: 'prod', clusters: [{ cluster: 'beijing', ready: 2 }] }, { environment: 'test' }],
  });
});

test('filters: linked, not linked with the entry of equal code elsewhere suggested, not deployed', async () => {
  expect((await page('linked')).items).toHaveLength(2);
  expect((await page('unlinked')).items).toMatchObject([
    { code: 'tools', suggestions: [{ project: 'bank', cmdbId: 's2' }] },
  ]);
  expect((await page('undeployed')).items).toMatchObject([{ project: 'bank', code: 'tools' }]);
});

test('a service of another code and project is found by its name, to be linked to an entry', async () => {
  await it.runs('shop/prod/toolbox');
  const found = await it.mapping.page({ show: 'unlinked', search: 'TOOLBOX', limit: 50 });
  expect(found.items).toMatchObject([{ project: 'shop', code: 'toolbox', link: 'none', suggestions: [] }]);
  const to = { source: 'cmdb', cmdbId: 's2' };
  const linked = await it.mapping.link({ project: 'shop', code: 'toolbox', to }, admin);
  expect(linked).toMatchObject({ link: 'hand', cmdb: { project: 'bank', code: 'tools' } });
  await it.mapping.link({ project: 'shop', code: 'toolbox', to: null }, admin);
  await it.isGone('shop/prod/toolbox', '00000000-0000-4000-8000-000000000001');
  await it.said();
});

test('a list in pages of 2 has every row once', async () => {
  const first = await it.mapping.page({ show: 'all', limit: 2 });
  const second = await it.mapping.page({ show: 'all', limit: 2, continue: first.continue ?? '' });
  expect([first.items.length, second.items.length, second.continue]).toEqual([2, 1, null]);
});

test('a link by hand is said as an entry of the catalogue, follows the entry, and can be taken back', async () => {
  const linked = await it.mapping.link({ project: 'shop', code: 'tools', to: { source: 'cmdb', cmdbId: 's2' } }, admin);
  expect(linked).toMatchObject({ link: 'hand', linkedBy: 'chen', cmdb: { cmdbId: 's2' } });
  expect((await page('undeployed')).items).toEqual([]);
  expect((await page()).items[0]).toMatchObject({ project: 'bank', code: 'tools', linked: ['shop/tools'] });
  expect(await it.said()).toMatchObject([['shop/tools', { cmdbId: 's2', owner: '何静', retired: false }]]);
  await it.push({
    ...snapshot(2),
    ...{ baseVersion: 1, businessLines: [], projects: [] },
    services: [{ ...service, cmdbId: 's2', code: 'tools', project: 'p2', owner: '吴涛' }],
    removed: { businessLines: [], projects: [], services: [] },
  });
  expect((await it.said()).map(([key, { owner }]) => `${key} ${String(owner)}`)).toEqual([
    'bank/tools 吴涛',
    'shop/tools 吴涛',
  ]);
  expect(await it.mapping.link({ project: 'shop', code: 'tools', to: null }, admin)).toMatchObject({ link: 'none' });
  expect(await it.said()).toMatchObject([['shop/tools', { retired: true }]]);
});

test('what the CMDB links itself, or does not know, cannot be linked by hand', async () => {
  const to = { source: 'cmdb', cmdbId: 's2' };
  await expect(it.mapping.link({ project: 'shop', code: 'cart', to }, admin)).rejects.toMatchObject({ status: 404 });
  const unknown = { source: 'cmdb', cmdbId: 'nothing' };
  await expect(it.mapping.link({ project: 'shop', code: 'tools', to: unknown }, admin)).rejects.toMatchObject({
    status: 404,
  });
});

test('a cost centre that is entered here goes before that of the CMDB, until it is taken back', async () => {
  const payer = { source: 'cmdb', cmdbId: 'l1' };
  expect(await it.mapping.setPayer({ ...payer, costCentre: 'CC-9' }, admin)).toMatchObject({
    ...{ costCentre: 'CC-9', costCentreFrom: 'here', changedBy: 'chen', projects: 2 },
  });
  expect(await it.mapping.setPayer({ ...payer, costCentre: null }, admin)).toMatchObject({
    ...{ costCentre: 'CC-1', costCentreFrom: 'cmdb', changedBy: null },
  });
  expect(await it.mapping.lines()).toHaveLength(1);
});
