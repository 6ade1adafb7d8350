import { existsSync, readdirSync, rmSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Context } from '../context.js';
import { asUser } from '../process.js';
import { run } from '../run.js';
import { serviceNames, writeText, type ServiceName } from '../state.js';
import type { ProcessUnit, TaskUnit } from '../unit.js';
import { giveFile, ownDir } from '../user.js';

/** Database and role of a service: `cluster-mgr` → `cluster_mgr`. */
export const databaseOf = (service: ServiceName): string => service.replaceAll('-', '_');

/** Superuser's address; of the real engine when one was given. */
export function adminUrl(context: Context): string {
  const { settings, secrets, ports } = context;
  return (
    settings.external.postgres ??
    `postgres://postgres:${secrets.postgresAdmin}@127.0.0.1:${ports.engine.postgres}/postgres`
  );
}

/** What one service connects with: its own role, its own database. */
export function databaseUrl(context: Context, service: ServiceName): string {
  const url = new URL(adminUrl(context));
  url.username = databaseOf(service);
  url.password = context.secrets.databases[service] ?? '';
  url.pathname = `/${databaseOf(service)}`;
  return url.href;
}

export function postgresUnit(context: Context): ProcessUnit {
  const dir = context.path('postgres');
  const data = join(dir, 'data');
  const port = context.ports.engine.postgres;
  return {
    kind: 'process',
    name: 'postgres',
    title: `PostgreSQL on 127.0.0.1:${port}`,
    group: 'engine',
    needs: [],
    async process() {
      const bin = await binDir();
      ownDir(dir, context.user);
      if (!existsSync(join(data, 'PG_VERSION'))) await initialise(context, bin, dir, data);
      removeStalePidFile(data);
      return {
        command: [join(bin, 'postgres'), '-D', data, ...settings(port).flatMap((setting) => ['-c', setting])],
        env: context.settings.childEnv,
        cwd: dir,
        user: context.user,
        stopSignal: 'SIGINT',
        stopTimeoutMs: 15_000,
      };
    },
    ready: () => query(adminUrl(context), 'SELECT 1'),
  };
}

/** TCP on loopback only: no socket, so that a long path of the checkout does not matter. */
const settings = (port: number): string[] => [
  `port=${port}`,
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=300',
  'shared_buffers=128MB',
  'password_encryption=scram-sha-256',
  'timezone=UTC',
  'log_timezone=UTC',
];

async function binDir(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .filter((version) => version >= 15)
    : [];
  const newest = Math.max(...versions);
  if (versions.length > 0) return join(root, String(newest), 'bin');
  return (await run('pg_config', ['--bindir'])).trim();
}

async function initialise(context: Context, bin: string, dir: string, data: string): Promise<void> {
  rmSync(data, { recursive: true, force: true });
  const passwordFile = join(dir, 'password');
  writeText(passwordFile, context.secrets.postgresAdmin, 0o600);
  giveFile(passwordFile, context.user);
  const initdb = [
    '-D',
    data,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const [command = '', ...args] = asUser(context.user, dir, [join(bin, 'initdb'), ...initdb]);
  try {
    await run(command, args, { cwd: dir, env: context.settings.childEnv });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * After a power cut the pid in postmaster.pid may belong to another process of the same user, and PostgreSQL would
 * refuse to start. It is removed only when no process works in the data directory: every server process does.
 */
function removeStalePidFile(data: string): void {
  const own = statSync(data);
  const busy = readdirSync('/proc').some((pid) => {
    // By inode: the same folder may have another path in another mount namespace.
    const cwd = /^\d+$/.test(pid) ? folderOf(`/proc/${pid}/cwd`) : undefined;
    return cwd?.ino === own.ino && cwd.dev === own.dev;
  });
  if (!busy) rmSync(join(data, 'postmaster.pid'), { force: true });
}

function folderOf(link: string): Stats | undefined {
  try {
    return statSync(link);
  } catch {
    return undefined;
  }
}

/** One role and one database for each service; no role may connect to another's. */
export function databasesUnit(context: Context, needs: string[]): TaskUnit {
  return {
    kind: 'task',
    name: 'databases',
    title: `databases of ${serviceNames.length} services`,
    group: 'prepare',
    needs,
    async run() {
      const client = new pg.Client({ connectionString: adminUrl(context) });
      await client.connect();
      try {
        for (const service of serviceNames)
          await ensureDatabase(client, databaseOf(service), context.secrets.databases[service] ?? '');
      } finally {
        await client.end();
      }
    },
  };
}

async function ensureDatabase(client: pg.Client, name: string, password: string): Promise<void> {
  const id = client.escapeIdentifier(name);
  const has = async (sql: string) => ((await client.query(sql, [name])).rowCount ?? 0) > 0;
  if (!(await has('SELECT 1 FROM pg_roles WHERE rolname = $1'))) await client.query(`CREATE ROLE ${id} LOGIN`);
  await client.query(`ALTER ROLE ${id} PASSWORD ${client.escapeLiteral(password)}`);
  if (!(await has('SELECT 1 FROM pg_database WHERE datname = $1')))
    await client.query(`CREATE DATABASE ${id} OWNER ${id}`);
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${id} FROM PUBLIC`);
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}
