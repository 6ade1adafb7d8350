import { describe, expect, test } from '@jest/globals';
import { sortOf, sortText, viewOf, viewText } from './view.js';

describe('a saved view', () => {
  const search = { state: 'down,degraded', q: 'pay', group: 'project', sort: '-restarts', who: 'mine' } as const;

  test('keeps filter, group, sort and scope, and gives back what it was made of', () => {
    const text = viewText({ project: 'shop', env: 'prod' }, search);
    expect(viewOf(text)).toEqual({ scope: { project: 'shop', env: 'prod' }, search });
  });

  test('of before the scope was kept stays where the reader is; what is not known is left out', () => {
    expect(viewOf('state=down&group=colour')).toEqual({ scope: null, search: { state: 'down' } });
  });
});

test.each([
  ['-restarts', { id: 'restarts', desc: true }],
  ['code', { id: 'code', desc: false }],
])('the order %s of the address', (text, sort) => {
  expect(sortOf(text)).toEqual(sort);
  expect(sortText(sort)).toBe(text);
  expect([sortOf(undefined), sortText(null)]).toEqual([null, undefined]);
});
