import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { adminReset, auditVerify } from './admin.js';
import { readSettings, type Settings } from './config.js';
import { makeContext } from './context.js';
import { leftovers, removeLeftovers } from './leftovers.js';
import { ensureDir, runDirOf, supervisorPaths } from './paths.js';
import { localClusters } from './kubernetes/cluster.js';
import { isAlive, readRecord, stopRecorded } from './process.js';
import { sampleLevels } from './sample/company.js';
import { samplePasswordsFile } from './sample/people.js';
import { CheckList, seconds, statusText } from './report.js';
import {
  ensureSecrets,
  ensureState,
  maxCopies,
  readState,
  releaseClaims,
  writeDesired,
  writeGiven,
  type Desired,
} from './state.js';
import { codeVersion, readBoard, readStatus, supervisorPid } from './status.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Everything that `npm run up | down | …` can do once the code is built. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const [verb = 'help', ...rest] = args;
  const settings = readSettings();
  const verbs: Record<string, () => Promise<number>> = {
    up: () => up(settings, rest),
    down: () => down(settings),
    status: () => status(settings, rest),
    reset: () => reset(settings, rest),
    logs: () => logs(settings, rest),
    'admin-reset': () => adminReset(settings),
    'audit-verify': () => auditVerify(settings),
  };
  const run = verbs[verb];
  if (run) return run();
  say(`unknown verb ${verb}; there are: ${Object.keys(verbs).join(', ')}`);
  return 2;
}

async function up(settings: Settings, args: string[]): Promise<number> {
  const began = Date.now();
  const desired = parseDesired(args, settings);
  if (settings.kubeconfigs.length > 0 && !readState(settings)) sayRights(settings);
  await ensureState(settings);
  ensureSecrets(settings);
  writeDesired(settings, desired);
  writeGiven(settings);
  const paths = supervisorPaths(settings);
  for (const dir of [paths.records, paths.logs]) ensureDir(dir);
  const hasEnded = await callSupervisor(settings);
  process.once('SIGINT', () => {
    say('\nIt goes on starting in the background. npm run up looks at it again, npm run down stops it.');
    process.exit(130);
  });
  const isHealthy = await follow(settings, began, hasEnded);
  const result = readStatus(settings);
  if (!isHealthy) {
    say(
      `\nNot everything is ready after ${seconds(Date.now() - began)}. The platform keeps trying; look with: npm run status, npm run logs -- NAME`,
    );
    return 1;
  }
  say(`\nEverything is ready after ${seconds(Date.now() - began)}.`);
  if (result.url) {
    say(`  Portal           ${result.url}`);
    if (result.adminPasswordFile)
      say(`  First login      ${result.adminUser}, password in ${result.adminPasswordFile}`);
    if (desired.sample === 'full' && existsSync(samplePasswordsFile(settings)))
      say(`  Sample people    passwords in ${samplePasswordsFile(settings)}`);
    say(`  From elsewhere   ssh -L ${new URL(result.url).port}:127.0.0.1:${new URL(result.url).port} THIS-MACHINE`);
  }
  for (const cluster of result.clusters) say(`  ${cluster.name.padEnd(16)} export KUBECONFIG=${cluster.kubeconfig}`);
  return 0;
}

/** Before the first use of somebody's own clusters: what Berth may do there. */
function sayRights(settings: Settings): void {
  const dir = join(settings.checkout, 'deploy/local/manifests');
  say('Berth works in your clusters with these rights, and touches only what carries its mark berth.dev/installation.');
  say(
    '`npm run down` leaves workloads running. The rights, and the rules that keep them to the mark, are applied with:',
  );
  say(`  kubectl apply -f ${join(dir, 'berth-clusterrole.yaml')} -f ${join(dir, 'berth-admission.yaml')}\n`);
  say(readFileSync(join(dir, 'berth-clusterrole.yaml'), 'utf8'));
}

/** What `up` was asked for, from its arguments. Clusters of somebody's own get a sample only when it is asked for. */
export function parseDesired(args: string[], settings: Pick<Settings, 'kubeconfigs'> = { kubeconfigs: [] }): Desired {
  const { values } = parseArgs({
    // `--sample` alone asks for all of it.
    args: args.flatMap((arg, i) => (arg === '--sample' && /^(--|$)/.test(args[i + 1] ?? '') ? [arg, 'full'] : [arg])),
    options: {
      copies: { type: 'string', default: '1' },
      only: { type: 'string' },
      services: { type: 'boolean', default: true },
      sample: { type: 'string', default: settings.kubeconfigs.length > 0 ? 'none' : 'full' },
      empty: { type: 'boolean', default: false },
      spare: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const copies = Number(values.copies);
  if (!Number.isInteger(copies) || copies < 1 || copies > maxCopies)
    throw new Error(`--copies is a number from 1 to ${maxCopies}`);
  const only = values.only
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const sample = sampleLevels.find((level) => level === (values.empty ? 'none' : values.sample));
  if (!sample) throw new Error(`--sample is one of ${sampleLevels.join(', ')}`);
  return { copies, services: values.services, sample, spare: values.spare, ...(only ? { only } : {}) };
}

/**
 * Starts the supervisor, wakes it, or replaces one whose code is older than this. Answers how to tell that it has ended: a
 * started one by its exit and not by its lock, which a slow machine may take many seconds to write.
 */
async function callSupervisor(settings: Settings): Promise<() => boolean> {
  const pid = supervisorPid(settings);
  if (pid !== undefined && readBoard(settings)?.code === codeVersion()) {
    process.kill(pid, 'SIGHUP');
    return () => supervisorPid(settings) === undefined;
  }
  if (pid !== undefined)
    await stopRecorded(supervisorPaths(settings).lock, { stopSignal: 'SIGUSR2', stopTimeoutMs: 5_000 });
  const child = startSupervisor(settings);
  return () => child.exitCode !== null || child.signalCode !== null;
}

function startSupervisor(settings: Settings): ChildProcess {
  const log = openSync(supervisorPaths(settings).log, 'a', 0o600);
  const child = spawn(
    settings.node,
    ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'main.js'), 'supervise'],
    {
      cwd: settings.checkout,
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  child.unref();
  return child;
}

/** So long nothing may change. Building Kubernetes tells of itself more often, on slow machines too. */
const patienceMs = 15 * 60_000;
/** A unit that failed this often will not get better by waiting. */
const hopelessAttempts = 8;

/** Prints the check list until everything is ready, or until it is clear that it will not be. */
async function follow(settings: Settings, began: number, hasEnded: () => boolean): Promise<boolean> {
  const list = new CheckList(say, Date.now());
  const code = codeVersion();
  while (Date.now() - list.lastProgress < patienceMs) {
    await delay(150);
    const board = readBoard(settings);
    if (!board || board.heard < began || board.code !== code) {
      if (hasEnded()) {
        say(`The supervisor ended; its last words are in ${supervisorPaths(settings).log}`);
        return false;
      }
      continue;
    }
    list.update(board.units, Date.now());
    if (readStatus(settings).healthy) return true;
    const hopeless = board.units.find(
      (unit) => unit.gates && unit.state === 'failing' && unit.attempts >= hopelessAttempts,
    );
    if (hopeless) {
      say(`${hopeless.title}: ${hopeless.detail}`);
      return false;
    }
  }
  return false;
}

async function down(settings: Settings): Promise<number> {
  const state = readState(settings);
  if (!state) {
    say('Nothing is running here.');
    return 0;
  }
  const began = Date.now();
  const { lock, records } = supervisorPaths(settings);
  await stopRecorded(lock, { stopTimeoutMs: 90_000 });
  // What is left when the supervisor had been killed: no order is known any more, so all of it at once.
  const names = existsSync(records) ? readdirSync(records).filter((name) => !name.endsWith('.new')) : [];
  await Promise.all(
    names.map((name) => stopRecorded(join(records, name), name === 'postgres' ? { stopSignal: 'SIGINT' } : {})),
  );
  // All that could have been made here, whatever this call's environment says.
  const local = { ...settings, kubeconfigs: [] };
  const clusters = localClusters(
    makeContext({
      settings: local,
      state,
      secrets: ensureSecrets(settings),
      desired: parseDesired(['--spare']),
      user: undefined,
    }),
  );
  if (leftovers(settings, state, clusters).length > 0) await removeLeftovers(clusters);
  rmSync(runDirOf(state.instance), { recursive: true, force: true });
  const left = leftovers(settings, state, clusters);
  for (const thing of left) say(`still there: ${thing}`);
  say(`Stopped after ${seconds(Date.now() - began)}. Data stays in ${settings.stateDir}; npm run reset removes it.`);
  return left.length === 0 ? 0 : 1;
}

async function reset(settings: Settings, args: string[]): Promise<number> {
  const nested = (existsSync(settings.stateDir) ? readdirSync(settings.stateDir) : []).filter((name) =>
    existsSync(join(settings.stateDir, name, 'state.json')),
  );
  const running = nested.filter(
    (name) => supervisorPid({ ...settings, stateDir: join(settings.stateDir, name) }) !== undefined,
  );
  if (running.length > 0) {
    say(
      `Another platform keeps its state inside: ${running.join(', ')}. Stop it first: BERTH_STATE_DIR=… npm run down`,
    );
    return 1;
  }
  const { values } = parseArgs({
    args,
    options: { yes: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
  });
  if (!values.yes && process.stdin.isTTY) {
    say(`All data in ${settings.stateDir} will be removed. Say so with: npm run reset -- --yes`);
    return 1;
  }
  const code = await down(settings);
  if (code !== 0) return code;
  const state = readState(settings);
  if (state) releaseClaims(state);
  rmSync(settings.stateDir, { recursive: true, force: true });
  say('All data removed.');
  return 0;
}

function status(settings: Settings, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const now = readStatus(settings);
  process.stdout.write(values.json ? `${JSON.stringify(now, null, 2)}\n` : statusText(now));
  // Whoever reads the JSON finds the answer in it.
  return Promise.resolve(now.healthy || values.json ? 0 : 1);
}

/** The names of all logs, or the last lines of one and, with --follow, what comes. */
async function logs(settings: Settings, args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      follow: { type: 'boolean', short: 'f', default: false },
      lines: { type: 'string', short: 'n', default: '100' },
    },
  });
  const { logs: dir, records } = supervisorPaths(settings);
  const [name] = positionals;
  if (!name) {
    for (const file of existsSync(dir)
      ? readdirSync(dir)
          .filter((one) => one.endsWith('.log'))
          .sort()
      : []) {
      const unit = file.replace(/\.log$/, '');
      const record = readRecord(join(records, unit));
      say(`${record && isAlive(record) ? '●' : '○'} ${unit}`);
    }
    say('\nnpm run logs -- NAME [--follow] [--lines 100]');
    return 0;
  }
  const file = join(dir, `${name}.log`);
  if (!existsSync(file)) {
    say(`there is no log of ${name}; npm run logs lists them`);
    return 1;
  }
  if (!values.follow) {
    process.stdout.write(
      `${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-Number(values.lines)).join('\n')}\n`,
    );
    return 0;
  }
  const tail = spawn('tail', ['-n', values.lines, '-F', file], { stdio: 'inherit' });
  return new Promise((resolve) => tail.on('exit', (code) => resolve(code ?? 0)));
}
