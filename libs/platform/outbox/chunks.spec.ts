import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { chunksOf } from './chunks.js';
import { shardCount, shardOf } from './shards.js';

const row = (bytes: number) => ({ envelope: '', data: 'x'.repeat(bytes) });

describe('chunks of rows', () => {
  test('of 100 KB hold as many as fit into 500 KB', () => {
    expect(chunksOf(Array.from({ length: 12 }, () => row(100_000))).map((chunk) => chunk.length)).toEqual([4, 4, 4]);
  });

  test('give a row above the limit a chunk of its own', () => {
    expect(chunksOf([row(10), row(800_000), row(10)]).map((chunk) => chunk.length)).toEqual([1, 1, 1]);
  });

  test('hold every row once and in order, none is empty, and none with two rows is above the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000)), (sizes) => {
        const rows = sizes.map(row);
        const chunks = chunksOf(rows, 4_000);
        expect(chunks.flat()).toEqual(rows);
        for (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          const bytes = chunk.reduce((sum, { data }) => sum + data.length + 200, 0);
          expect(chunk.length === 1 || bytes <= 4_000).toBe(true);
        }
      }),
    );
  });
});

test('a shard is one of 4 and the same for the same key, and 1,000 keys use all of them', () => {
  const shards = Array.from({ length: 1_000 }, (_, index) => shardOf(`shop/prod/s${index}`));
  expect(new Set(shards)).toEqual(new Set([0, 1, 2, 3]));
  expect(shardCount).toBe(4);
  expect(shardOf('shop/prod/s1')).toBe(shards[1]);
});
