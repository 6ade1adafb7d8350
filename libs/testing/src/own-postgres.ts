import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.js';

const binaries = process.env.BERTH_POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';

/**
 * A PostgreSQL of our own for this run of the specs, on a free loopback port, as a user without rights. All spec files of
 * a run share it; it goes, with its files, when the run has ended.
 */
export async function ownPostgres(): Promise<string> {
  const owner = process.connected ? process.ppid : process.pid;
  const directory = join(tmpdir(), `berth-test-postgres-${owner}`);
  const address = join(directory, 'url');
  if (tryMakeDirectory(directory)) {
    const url = await start(directory, owner);
    writeFileSync(address, url);
    return url;
  }
  return waitForFile(address);
}

async function start(directory: string, owner: number): Promise<string> {
  const user = serverUser();
  if (user) chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o700);
  const data = join(directory, 'data');
  const log = openSync(join(directory, 'log'), 'a');
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...identity,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = [
    'fsync=off',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
    'max_connections=300',
  ];
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd: directory, detached: true, stdio: ['ignore', log, log] },
  );
  server.unref();
  // Spec files may be killed at any time, so somebody else watches for the end of the run.
  const watch = `while kill -0 ${owner} 2>/dev/null; do sleep 0.5; done; kill -INT ${server.pid}; sleep 1; rm -rf '${directory}'`;
  spawn('sh', ['-c', watch], { detached: true, stdio: 'ignore' }).unref();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilItAnswers(url);
  return url;
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => /^(postgres|nobody):/.test(entry));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

function tryMakeDirectory(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch {
    const isLeftOver = Date.now() - statSync(directory).mtimeMs > 3_600_000;
    if (isLeftOver) rmSync(directory, { recursive: true, force: true });
    return isLeftOver ? tryMakeDirectory(directory) : false;
  }
}

async function waitForFile(path: string): Promise<string> {
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      const text = readFileSync(path, 'utf8');
      if (text) return text;
    } catch {
      // Another spec file is just starting it.
    }
    await delay(50);
  }
  throw new Error(`no PostgreSQL for the specs within 30 s; see ${path}`);
}

async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (tries > 200) throw error;
      await delay(50);
    }
  }
}
