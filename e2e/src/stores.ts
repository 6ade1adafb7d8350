import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { routeTable, type Route } from '@berth/api';
import { serviceNames, streams } from '@berth/contracts';
import type { ApiUser } from '@berth/local';
import { query } from './database.js';
import { developerValue, stateFile } from './environment.js';
import { readAll } from './kafka.js';

const run = promisify(execFile);

/** Some text that the platform keeps or tells, and where. */
export interface Held {
  readonly where: string;
  readonly text: string;
}

/** The logs of every process of the platform. */
export function logs(): Held[] {
  const folder = stateFile('logs');
  return readdirSync(folder).map((file) => ({
    where: `log ${file}`,
    text: readFileSync(path.join(folder, file), 'utf8'),
  }));
}

/** Command lines of every process of the machine, which anybody on it may read. */
export function commandLines(): Held[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [{ where: `command line of ${pid}`, text: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** Every row of every table of every service. */
export async function tables(): Promise<Held[]> {
  const held: Held[] = [];
  for (const service of serviceNames) {
    const names = await query<{ name: string }>(
      service,
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of names) {
      const rows = await query<{ text: string }>(service, `select held::text as text from ${name} held`);
      held.push({ where: `table ${service}.${name}`, text: rows.map(({ text }) => text).join('\n') });
    }
  }
  return held;
}

/** Every record of every stream. */
export async function records(): Promise<Held[]> {
  const written = await readAll(streams.map(({ name }) => name));
  return written.map(({ topic, key, headers, value }) => ({
    where: `record ${topic} ${key}`,
    text: [key, ...Object.entries(headers).flat(), value ?? ''].join('\n'),
  }));
}

/** Every key and value of Redis. */
export async function cache(): Promise<Held[]> {
  const url = new URL(developerValue('BERTH_TEST_REDIS_URL'));
  const ask = async (...args: string[]) => {
    const { stdout } = await run('redis-cli', ['-h', url.hostname, '-p', url.port, ...args], {
      env: { ...process.env, REDISCLI_AUTH: decodeURIComponent(url.password) },
    });
    return stdout;
  };
  const readers: Readonly<Record<string, readonly string[]>> = {
    string: ['get'],
    hash: ['hgetall'],
    list: ['lrange', '0', '-1'],
    set: ['smembers'],
    zset: ['zrange', '0', '-1'],
    stream: ['xrange', '-', '+'],
  };
  const held: Held[] = [];
  for (const key of (await ask('--scan')).split('\n').filter(Boolean)) {
    const [command = 'get', ...rest] = readers[(await ask('type', key)).trim()] ?? [];
    held.push({ where: `Redis ${key}`, text: `${key}\n${await ask(command, key, ...rest)}` });
  }
  return held;
}

/** What every address of the API that only reads answers about one service. The feed is left out: it has no end. */
export async function answers(
  user: ApiUser,
  params: Readonly<Record<string, string>>,
  logsOf: { cluster: string; container: string },
): Promise<Held[]> {
  const isAboutIt = ({ path }: Route) => [...path.matchAll(/:(\w+)/g)].every(([, name]) => String(name) in params);
  const reads = routeTable.filter((route) => route.method === 'GET' && route.id !== 'feed' && isAboutIt(route));
  const held: Held[] = [];
  for (const route of reads) {
    const query = route.id === 'readLogs' ? logsOf : longestPage(route, params.service ?? '');
    held.push({ where: `answer of ${route.id}`, text: await user.text(route, { params, query }) });
  }
  return held;
}

/** The longest page that the route gives; what cannot do without a search or a format gets one. */
function longestPage(route: Route, service: string): Readonly<Record<string, string | number>> {
  const wishes: Record<string, string | number>[] = [{ limit: 500 }, {}, { text: service }, { format: 'ndjson' }];
  return wishes.find((wish) => route.query.safeParse(wish).success) ?? {};
}
