import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { cutManagedFields, parseSlim } from './json.js';

const managed = [{ manager: 'berth', fieldsV1: { 'f:spec': { 'k:{"name":"app"}': { '.': {} } } } }];

describe('cutting managed fields out of a text', () => {
  test.each([
    ['the last key', { metadata: { name: 'a', managedFields: managed }, spec: 1 }],
    ['the first key', { metadata: { managedFields: managed, name: 'a' }, spec: 1 }],
    ['the only key', { metadata: { managedFields: managed }, spec: 1 }],
    ['empty', { metadata: { name: 'a', managedFields: [] }, spec: 1 }],
  ])('leaves the rest as it was when they are %s', (_where, object) => {
    const { managedFields: _gone, ...metadata } = object.metadata;
    expect(parseSlim(JSON.stringify(object), z.unknown())).toEqual({ ...object, metadata });
  });

  test('cuts those of all 3 objects of a page', () => {
    const items = [1, 2, 3].map((n) => ({ metadata: { name: `p${n}`, managedFields: managed } }));
    const text = cutManagedFields(JSON.stringify({ items }));
    expect(text).toBe('{"items":[{"metadata":{"name":"p1"}},{"metadata":{"name":"p2"}},{"metadata":{"name":"p3"}}]}');
  });

  test('falls back to the whole text when a field key holds a ]', () => {
    const odd = { metadata: { name: 'a', managedFields: [{ fieldsV1: { 'k:{"name":"a]b"}': {} } }] } };
    expect(parseSlim(JSON.stringify(odd), z.unknown())).toEqual(odd);
  });

  test('never touches the words inside a string, whatever the string', () => {
    fc.assert(
      fc.property(fc.string(), (noise) => {
        const object = { note: `"managedFields":[${noise}]`, metadata: { name: noise, managedFields: managed } };
        expect(parseSlim(JSON.stringify(object), z.unknown())).toEqual({
          note: object.note,
          metadata: { name: noise },
        });
      }),
    );
  });
});
