import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSettings } from './config.js';
import { makeContext } from './context.js';
import { leftovers } from './leftovers.js';
import { supervisorPaths } from './paths.js';
import { localClusters } from './kubernetes/cluster.js';
import { isAlive, readRecord, type ProcessRecord } from './process.js';
import { ensureSecrets, readDesired, readState } from './state.js';
import { readStatus } from './status.js';

/** A platform of its own: two engines and one whole cluster, with its state outside the checkout. */
const stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'berth-lifecycle-')));
chmodSync(stateDir, 0o755);
const settings = { ...readSettings({}), stateDir };
const parts = ['--only', 'postgres,redis,beijing'];

function cli(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, BERTH_STATE_DIR: stateDir, BERTH_KUBECONFIGS: '' };
    const main = join(settings.checkout, 'deploy/local/dist/main.js');
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr });
    });
  });
}

/** There is none for a moment while a process is replaced. */
const recordIfAny = (unit: string) => readRecord(join(supervisorPaths(settings).records, unit));
const record = (unit: string): ProcessRecord => {
  const found = recordIfAny(unit);
  if (!found) throw new Error(`${unit} has no record`);
  return found;
};
const units = () => readdirSync(supervisorPaths(settings).records).filter((name) => name !== 'supervisor');
const pids = () => Object.fromEntries(units().map((name) => [name, record(name).pid]));
const kill = (unit: string) => process.kill(record(unit).pid, 'SIGKILL');

function left(): string[] {
  const state = readState(settings);
  if (!state) throw new Error('there is no state');
  const context = makeContext({
    settings,
    state,
    secrets: ensureSecrets(settings),
    desired: readDesired(settings),
    user: undefined,
  });
  return leftovers(settings, state, localClusters(context));
}

async function until(what: string, isTrue: () => boolean, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(50);
  }
}

describe('a platform from up to down', () => {
  beforeAll(async () => {
    const { code, output } = await cli('up', ...parts);
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
  }, 180_000);

  afterAll(async () => {
    await cli('reset', '--yes');
    rmSync(stateDir, { recursive: true, force: true });
  }, 60_000);

  test('up has started 2 engines and 1 cluster, all healthy, the engines not as root', () => {
    const status = readStatus(settings);
    expect(status.healthy).toBe(true);
    expect(status.engines.filter((engine) => engine.ready).map((engine) => engine.name)).toEqual(
      expect.arrayContaining(['postgres', 'redis']),
    );
    for (const engine of ['postgres', 'redis']) expect(statSync(`/proc/${record(engine).pid}`).uid).not.toBe(0);
    expect(status.clusters.find((cluster) => cluster.name === 'beijing')?.ready).toBe(true);
  });

  test('a second up changes no process', async () => {
    const before = pids();
    expect((await cli('up', ...parts)).code).toBe(0);
    expect(pids()).toEqual(before);
  }, 60_000);

  test('an engine that dies is started again, alone', async () => {
    const before = pids();
    const old = record('redis');
    kill('redis');
    await until('redis runs again', () => {
      const now = recordIfAny('redis');
      return now !== undefined && now.pid !== old.pid && isAlive(now) && readStatus(settings).healthy;
    });
    expect({ ...pids(), redis: 0 }).toEqual({ ...before, redis: 0 });
  }, 60_000);

  test('up heals after kill -9 of the supervisor, PostgreSQL, the apiserver and the kubelet; the rest keeps running', async () => {
    const before = pids();
    const killed = ['supervisor', 'postgres', 'beijing.apiserver', 'beijing.kubelet'];
    const old = killed.map(record);
    for (const unit of killed) kill(unit);
    await until('all 4 are gone', () => !old.some(isAlive));
    expect((await cli('up', ...parts)).code).toBe(0);
    expect(readStatus(settings).healthy).toBe(true);
    const after = pids();
    const changed = Object.keys(before).filter((unit) => before[unit] !== after[unit]);
    expect(changed.sort()).toEqual(['beijing.apiserver', 'beijing.kubelet', 'postgres']);
  }, 120_000);

  test('a recycled pid is never taken for ours: a record with another start time is not alive', () => {
    expect(isAlive({ ...record('redis'), startTicks: '1' })).toBe(false);
    expect(isAlive({ ...record('redis'), bootId: 'another boot' })).toBe(false);
  });

  test('down leaves no process, mount, namespace, control group, link or route', async () => {
    const before = units().map(record);
    expect(left().length).toBeGreaterThan(4);
    expect((await cli('down')).code).toBe(0);
    expect(left()).toEqual([]);
    expect(before.filter(isAlive)).toEqual([]);
  }, 60_000);

  test('down leaves nothing even when the supervisor was killed before', async () => {
    expect((await cli('up', ...parts)).code).toBe(0);
    const before = units().map(record);
    const supervisor = record('supervisor');
    kill('supervisor');
    await until('the supervisor is gone', () => !isAlive(supervisor));
    expect((await cli('down')).code).toBe(0);
    expect(left()).toEqual([]);
    expect(before.filter(isAlive)).toEqual([]);
  }, 180_000);
});
