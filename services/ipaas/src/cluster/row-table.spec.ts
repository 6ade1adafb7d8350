import { describe, expect, test } from '@jest/globals';
import { RowTable } from './row-table.js';

interface Row {
  uid: string;
  resourceVersion: string;
  group: string;
}

function table() {
  const heard: string[] = [];
  const rows = new RowTable<Row>({
    groups: ({ group }) => [group],
    changed: (before, after) => heard.push(`${before?.resourceVersion ?? '-'}>${after?.resourceVersion ?? '-'}`),
  });
  const row = (uid: string, resourceVersion: string, group = 'g') => ({ uid, resourceVersion, group });
  return { rows, heard, row };
}

describe('rows of a watch', () => {
  test('a row that changes its group is found only in the new one', () => {
    const { rows, row } = table();
    rows.upsert(row('1', '1', 'a'));
    rows.upsert(row('1', '2', 'b'));
    expect([rows.in('a'), rows.in('b')]).toEqual([[], [row('1', '2', 'b')]]);
  });

  test('a complete list removes what is not in it, and tells only what differs', () => {
    const { rows, heard, row } = table();
    rows.replaceAll([row('1', '1'), row('2', '1')]);
    heard.length = 0;
    rows.replaceAll([row('1', '1'), row('3', '1')]);
    expect(heard).toEqual(['1>-', '->1']);
    expect(rows.size).toBe(2);
  });

  test('the answer to our own write never takes the place of something newer, nor brings back what is gone', () => {
    const { rows, row } = table();
    rows.upsert(row('1', '9'));
    rows.offer(row('1', '8'));
    rows.offer(row('2', '3'));
    expect(rows.in('g').map(({ resourceVersion }) => resourceVersion)).toEqual(['9', '3']);
    rows.remove(row('1', '10'));
    rows.offer(row('1', '11'));
    expect(rows.in('g').map(({ uid }) => uid)).toEqual(['2']);
  });
});
