import { ServiceSpec } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { draftOf, emptySpec, specOf, type SpecDraft } from '../deploy/draft.js';
import { changesUnder, rebased } from './three-way.js';

const variable = (name: string, value: string) => ({ name, value, secret: false, version: null });
const begun: SpecDraft = { ...emptySpec, image: 'shop/cart:1.0', variables: [variable('A', '1'), variable('B', '1')] };
const specFor = (part: Partial<SpecDraft>) => ServiceSpec.parse(specOf({ ...begun, ...part }));
const base = specFor({});
const nobody = new Set<string>();

describe('a draft under which the service was changed', () => {
  test('what only they changed is taken, what only I changed stays: 1 change, 0 conflicts', () => {
    const mine = { ...draftOf(base), memoryMiB: 2048 };
    const current = specFor({ image: 'shop/cart:1.1' });
    expect(changesUnder(base, mine, current).map((row) => [row.key, row.mine])).toEqual([['image:', null]]);
    expect(rebased(base, mine, current, nobody)).toMatchObject({ image: 'shop/cart:1.1', memoryMiB: 2048 });
  });

  test('what both changed is a conflict with both values: mine stays, or theirs where that is chosen', () => {
    const mine = { ...draftOf(base), image: 'shop/cart:2.0' };
    const current = specFor({ image: 'shop/cart:1.1' });
    const [row] = changesUnder(base, mine, current);
    expect([row?.mine?.to, row?.theirs.to]).toEqual(['shop/cart:2.0', 'shop/cart:1.1']);
    expect(rebased(base, mine, current, nobody).image).toBe('shop/cart:2.0');
    expect(rebased(base, mine, current, new Set(['image:'])).image).toBe('shop/cart:1.1');
  });

  test('the same change by both is no conflict', () => {
    const mine = { ...draftOf(base), image: 'shop/cart:1.1' };
    expect(changesUnder(base, mine, specFor({ image: 'shop/cart:1.1' })).map((row) => row.mine)).toEqual([null]);
  });

  test('variables go one by one: theirs added, theirs removed, mine changed', () => {
    const mine = { ...draftOf(base), variables: [variable('A', 'mine'), variable('B', '1')] };
    const current = specFor({ variables: [variable('A', '1'), variable('C', 'theirs')] });
    expect(rebased(base, mine, current, nobody).variables).toEqual([variable('A', 'mine'), variable('C', 'theirs')]);
  });

  test('host names go one by one: theirs added, theirs removed, mine with another address', () => {
    const hosts = (...rows: [string, string][]) => ({ hostAliases: rows.map(([ip, names]) => ({ ip, names })) });
    const before = specFor(hosts(['10.2.0.15', 'pay ledger']));
    const mine = { ...draftOf(before), ...hosts(['10.2.0.16', 'pay'], ['10.2.0.15', 'ledger']) };
    const current = specFor(hosts(['10.2.0.15', 'pay'], ['10.2.0.17', 'risk']));
    expect(rebased(before, mine, current, nobody).hostAliases).toEqual(
      hosts(['10.2.0.16', 'pay'], ['10.2.0.17', 'risk']).hostAliases,
    );
  });

  test('a host name that both gave another address is a conflict; theirs is taken where that is chosen', () => {
    const at = (ip: string) => ({ hostAliases: [{ ip, names: 'pay' }] });
    const before = specFor(at('10.2.0.15'));
    const mine = { ...draftOf(before), ...at('10.2.0.16') };
    const current = specFor(at('10.2.0.17'));
    expect(changesUnder(before, mine, current).map((row) => [row.key, row.mine?.to])).toEqual([
      ['hostAlias:pay', '10.2.0.16'],
    ]);
    expect(rebased(before, mine, current, new Set(['hostAlias:pay'])).hostAliases).toEqual(at('10.2.0.17').hostAliases);
  });

  test('a secret that I wrote anew and they sealed anew is a conflict; my value stays in the draft', () => {
    const secret = (version: number, value = '') => [{ name: 'KEY', value, secret: true, version }];
    const before = specFor({ variables: secret(1) });
    const mine = { ...draftOf(before), variables: secret(1, 'new') };
    const current = specFor({ variables: secret(2) });
    expect(changesUnder(before, mine, current).map((row) => row.mine !== null)).toEqual([true]);
    expect(rebased(before, mine, current, nobody).variables).toEqual(secret(1, 'new'));
  });
});
