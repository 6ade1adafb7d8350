import { describe, expect, test } from '@jest/globals';
import { DatabaseUnavailable } from '../errors/index.js';
import type { Tx } from '../postgres/index.js';
import { GroupCommit } from './group-commit.js';

const tx: Tx = { query: () => Promise.resolve([]), afterCommit: () => undefined };

describe('a group whose commit got no answer', () => {
  test('is not done a second time: its 3 callers hear that the database is away and ask again with their keys', async () => {
    const committed: string[] = [];
    const group = new GroupCommit<string, string>({
      database: {
        transaction: async (work) => {
          await work(tx);
          throw new DatabaseUnavailable('the connection ended during COMMIT');
        },
      },
      run: (_, items) => {
        committed.push(...items);
        return Promise.resolve(items);
      },
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => group.submit(item)));
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual(
      Array(3).fill(expect.any(DatabaseUnavailable)),
    );
    expect(committed).toEqual(['a', 'b', 'c']);
  });
});
