import type { ServiceListItem } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { Selection } from './selection.js';

const row = (code: string, project = 'shop') => ({ project, environment: 'test', code }) as ServiceListItem;
const all = ['a', 'b', 'c', 'd', 'e'].map((code) => row(code));
const codes = (selection: Selection) => [...selection.all().values()].map(({ code }) => code).sort();
const at = (index: number) => all[index] as ServiceListItem;

describe('marks', () => {
  test('with shift: from the row that was marked last to this one, in the order of the page, upwards too', () => {
    const selection = new Selection();
    selection.order(all);
    selection.toggle(at(1));
    selection.reach(at(3));
    expect(codes(selection)).toEqual(['b', 'c', 'd']);
    selection.toggle(at(4));
    selection.reach(at(3));
    expect(codes(selection)).toEqual(['b', 'c', 'd', 'e']);
  });

  test('with shift and nothing marked before: only this one', () => {
    const selection = new Selection();
    selection.order(all);
    selection.reach(at(2));
    expect(codes(selection)).toEqual(['c']);
  });

  test('of all 5 that are shown, and of none of them; what a filter hides stays marked', () => {
    const selection = new Selection();
    selection.toggle(row('hidden'));
    selection.markAll(all);
    expect(codes(selection)).toHaveLength(6);
    selection.unmarkAll(all);
    expect(codes(selection)).toEqual(['hidden']);
  });

  test('of another scope are taken back', () => {
    const selection = new Selection();
    selection.markAll([row('a'), row('b', 'pay')]);
    selection.within((place) => place.project === 'pay');
    expect(codes(selection)).toEqual(['b']);
  });
});
