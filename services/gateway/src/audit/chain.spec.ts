import { describe, expect, test } from '@jest/globals';
import type { AuditFinding } from '@berth/api';
import type { AuditEntry } from './audit.js';
import { chain, ChainWalk, genesis, hashOf, type ChainedEntry, type ChainHead } from './chain.js';

const entry = (target: string): AuditEntry & { at: Date } => ({
  at: new Date('2026-01-01T00:00:00.000Z'),
  actor: { id: 'u-1', name: 'lin', channel: 'portal' },
  address: '10.0.0.1',
  action: 'restartService',
  target,
  cause: null,
  result: 'accepted',
  problemCode: null,
  operationId: null,
  correlationId: 'c',
});
const ten = chain(
  genesis,
  Array.from({ length: 10 }, (_, index) => entry(`shop/prod/s${index + 1}`)),
);
const headOf = (rows: readonly ChainedEntry[]): ChainHead => rows.at(-1) ?? genesis;

function walked(rows: readonly ChainedEntry[], head = headOf(ten), anchor: ChainHead | null = null): AuditFinding[] {
  const walk = new ChainWalk(anchor);
  for (const row of rows)
    if (row.sequence <= head.sequence) walk.take(row);
    else walk.takeBeyond(row);
  return walk.end(head);
}
const at = (kind: AuditFinding['kind'], sequence: number, lastSequence = sequence) => [
  { kind, sequence, lastSequence },
];
const number = (row: ChainedEntry, sequence: number) => ({ ...row, sequence });
const rehashed = (row: ChainedEntry) => ({ ...row, hash: hashOf(row) });

describe('the audit chain', () => {
  test('of 10 rows as they were written has no findings, and neither has an empty one', () => {
    expect(walked(ten)).toEqual([]);
    expect(walked([], genesis)).toEqual([]);
  });

  test.each<[keyof AuditEntry | 'at', unknown]>([
    ['actor', { id: 'u-1', name: 'he', channel: 'portal' }],
    ['address', null],
    ['action', 'deleteService'],
    ['target', 'shop/prod/other'],
    ['cause', 'because'],
    ['result', 'refused'],
    ['problemCode', 'forbidden'],
    ['operationId', 'o'],
    ['correlationId', 'd'],
    ['at', new Date('2026-01-01T00:00:00.001Z')],
  ])('says which row was altered when its %s is another', (field, value) => {
    expect(walked(ten.map((row) => (row.sequence === 4 ? { ...row, [field]: value } : row)))).toEqual(at('altered', 4));
  });

  test('says which row was altered when its hash was made anew, also for the last one', () => {
    const change = (which: number) =>
      ten.map((row) => (row.sequence === which ? rehashed({ ...row, target: 'x' }) : row));
    expect(walked(change(4))).toEqual(at('altered', 4));
    expect(walked(change(10))).toEqual(at('altered', 10));
  });

  test('says which rows were removed, from the middle, the beginning and the end', () => {
    const without = (...gone: number[]) => walked(ten.filter(({ sequence }) => !gone.includes(sequence)));
    expect(without(4)).toEqual(at('removed', 4));
    expect(without(4, 5, 8)).toEqual([...at('removed', 4, 5), ...at('removed', 8)]);
    expect(without(1)).toEqual(at('removed', 1));
    expect(without(9, 10)).toEqual(at('removed', 9, 10));
  });

  test('says where rows were removed when the others were numbered anew', () => {
    const closed = ten
      .filter(({ sequence }) => sequence !== 4)
      .map((row) => (row.sequence > 4 ? number(row, row.sequence - 1) : row));
    expect(walked(closed, { ...headOf(ten), sequence: 9 })).toEqual(at('removed', 4));
  });

  test.each([
    ['with a hash of its own', (row: ChainedEntry) => rehashed(row)],
    ['with a hash and a link of its own', (row: ChainedEntry) => rehashed({ ...row, prevHash: 'f00' })],
    ['with no fitting hash', (row: ChainedEntry) => row],
  ])('says which row was inserted between others that were numbered anew, %s', (_, forge) => {
    const forged = forge({ ...(ten[4] as ChainedEntry), target: 'forged', prevHash: (ten[3] as ChainedEntry).hash });
    const rows = [...ten.slice(0, 4), forged, ...ten.slice(4).map((row) => number(row, row.sequence + 1))];
    expect(walked(rows, { ...headOf(ten), sequence: 11 })).toEqual(at('inserted', 5));
  });

  test('says which rows were inserted behind its end', () => {
    const [eleven] = chain(headOf(ten), [entry('forged')]);
    expect(walked([...ten, eleven as ChainedEntry])).toEqual(at('inserted', 11));
  });

  test('says that everything was rewritten when an earlier check saw another end', () => {
    const rewritten = chain(
      genesis,
      [...ten].map((row) => ({ ...entry(row.target), cause: 'new' })),
    );
    expect(walked(rewritten, headOf(rewritten))).toEqual([]);
    const anchor = ten[7] as ChainedEntry;
    expect(walked(rewritten, headOf(rewritten), anchor)).toEqual(at('rewritten', 1, 8));
    expect(walked(ten, headOf(ten), anchor)).toEqual([]);
  });
});
