import { ClusterError, type LogOptions, type SlimPod } from '@berth/clients/kubernetes';
import { LeaseLost, type Lease } from '@berth/platform/lease';
import { silentLogger } from '@berth/platform/log';
import type { Database, Tx } from '@berth/platform/postgres';
import { describe, expect, test } from '@jest/globals';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ago, aPod } from './container.builders.js';
import type { KeptMark } from './kept-log.js';
import { LogKeeper } from './log-keeper.js';

interface Given {
  readonly logs: (pod: string, options: LogOptions) => Promise<Readable>;
  readonly kept?: ReadonlyMap<string, KeptMark>;
  readonly check?: () => Promise<void>;
}

/** A keeper before a cluster that answers with `logs`; what it saves is listed. */
function keeperOf({ logs, kept = new Map(), check = async () => undefined }: Given) {
  const saved: { uid: string; run: number; lines: string; isOver: boolean }[] = [];
  const asked: string[] = [];
  const database: Pick<Database, 'transaction'> = { transaction: (work) => work({} as Tx) };
  const lease: Lease = { name: 'cluster/beijing', fence: 1, remainingMs: () => 10_000, check };
  const keeper = new LogKeeper({
    client: {
      logs: (_, pod, options = {}) => {
        asked.push(`${pod}${options.previous ? ' previous' : ''}${options.follow ? ' follow' : ''}`);
        return logs(pod, options);
      },
    },
    database: database as Database,
    store: {
      save: async (_, uid, row) => {
        saved.push({ uid, ...row });
        return true;
      },
    },
    lease,
    log: silentLogger(),
    kept,
  });
  return { keeper, saved, asked };
}

const output = (text: string) => async () => Readable.from([Buffer.from(text)]);

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !isSo(); turn += 1) await nextTurn();
  expect(isSo()).toBe(true);
}

const crashed = (run: number, change: Partial<SlimPod> = {}): SlimPod =>
  aPod({ restarts: run - 1, state: { terminated: { exitCode: 1, finishedAt: ago(1) } }, ...change });
const ending = (name = 'cart-1'): SlimPod => aPod({ uid: name, name, deletionTimestamp: ago(0) });

describe('the end of a log', () => {
  test('of a run that ended is kept once, however often the watch tells of it', async () => {
    const { keeper, saved, asked } = keeperOf({ logs: output('one\ntwo\n') });
    keeper.changed(null, crashed(1));
    keeper.changed(null, crashed(1));
    await until(() => saved.length === 1);
    keeper.changed(null, crashed(1));
    await nextTurn();
    expect(saved).toEqual([{ uid: 'pod-1', run: 1, lines: 'one\ntwo', isOver: true }]);
    expect(asked).toHaveLength(1);
    keeper.changed(null, crashed(2));
    await until(() => saved.length === 2);
    expect(saved[1]).toMatchObject({ run: 2 });
    await keeper.stop();
  });

  test('that the copy before us kept is not read again', async () => {
    const kept = new Map([['pod-1', { run: 3, isOver: true }]]);
    const { keeper, asked } = keeperOf({ logs: output('x'), kept });
    keeper.changed(null, crashed(3));
    await nextTurn();
    expect(asked).toEqual([]);
    await keeper.stop();
  });

  test('of a container that is told to end is kept as it is, then with its last words when the cluster has forgotten it', async () => {
    const follow = new PassThrough();
    const { keeper, saved, asked } = keeperOf({
      logs: async (_, options) => (options.follow ? follow : Readable.from([Buffer.from('works\n')])),
    });
    keeper.changed(null, ending());
    await until(() => asked.length === 2);
    expect(saved).toEqual([{ uid: 'cart-1', run: 1, lines: 'works', isOver: false }]);
    follow.write('works\n');
    // The watch tells that it ended and is gone; who reads already needs no second reader.
    keeper.changed(ending(), { ...ending(), state: { terminated: { exitCode: 0 } } });
    keeper.changed(ending(), null);
    follow.end('bye\n');
    await until(() => saved.length === 2);
    expect(saved[1]).toEqual({ uid: 'cart-1', run: 1, lines: 'works\nbye', isOver: true });
    expect(asked).toEqual(['cart-1', 'cart-1 follow']);
    await keeper.stop();
  });

  test('that breaks off keeps what came, and is read once more when the container has ended', async () => {
    const follow = new PassThrough();
    const { keeper, saved, asked } = keeperOf({
      logs: async (_, options) => (options.follow ? follow : Readable.from([Buffer.from('works\n')])),
    });
    keeper.changed(null, ending());
    await until(() => asked.length === 2);
    follow.write('half\n');
    await nextTurn();
    follow.destroy(new Error('the node is gone'));
    await until(() => saved.length === 2);
    expect(saved[1]).toMatchObject({ lines: 'half', isOver: false });
    await nextTurn();
    keeper.changed(ending(), { ...ending(), state: { terminated: { exitCode: 0 } } });
    await until(() => saved.length === 3);
    expect(saved[2]).toMatchObject({ lines: 'works', isOver: true });
    await keeper.stop();
  });

  test('of 100 containers at once is read 4 at a time, and 32 are followed', async () => {
    let open = 0;
    let most = 0;
    let follows = 0;
    const { keeper, saved } = keeperOf({
      logs: async (_, { follow }) => {
        if (follow) {
          follows += 1;
          return new PassThrough();
        }
        open += 1;
        most = Math.max(most, open);
        await nextTurn();
        open -= 1;
        return Readable.from([Buffer.from('x\n')]);
      },
    });
    for (let index = 0; index < 100; index += 1) keeper.changed(null, ending(`cart-${index}`));
    await until(() => saved.length === 100);
    expect({ most, follows }).toEqual({ most: 4, follows: 32 });
    await keeper.stop();
  });

  test('is not written by a copy that has lost the cluster', async () => {
    const check = async () => {
      throw new LeaseLost('lost');
    };
    const { keeper, saved, asked } = keeperOf({ logs: output('x\n'), check });
    keeper.changed(null, crashed(1));
    await until(() => asked.length === 1);
    await keeper.stop();
    expect(saved).toEqual([]);
  });

  test.each(['not_found', 'invalid'] as const)('that the cluster refuses (%s) is not asked for again', async (kind) => {
    const { keeper, asked } = keeperOf({
      logs: async () => {
        throw new ClusterError(kind, kind);
      },
    });
    keeper.changed(null, crashed(1));
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    keeper.changed(null, crashed(1));
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(asked).toHaveLength(1);
    await keeper.stop();
  });

  test('stops with its reader, also in the middle of a log', async () => {
    const { keeper, saved, asked } = keeperOf({
      logs: async () => {
        const source = new PassThrough();
        source.write('x\n');
        return source;
      },
    });
    keeper.changed(null, crashed(1));
    await until(() => asked.length === 1);
    await keeper.stop();
    expect(saved).toEqual([]);
  });
});
