import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readSettings, type Settings } from './config.js';
import type { Context } from './context.js';
import { loadContext } from './load-context.js';
import { supervisorPaths } from './paths.js';
import { platformAddresses, platformUnits } from './platform.js';
import { writeJson } from './state.js';
import { codeVersion, supervisorPid, type Board } from './status.js';
import { Supervisor } from './supervisor.js';
import type { Unit } from './unit.js';

/**
 * The background process of one platform. SIGHUP: look at what is wanted again. SIGTERM: everything down. SIGUSR2: leave
 * and let everything run; the next supervisor takes it over. `unitsOf`: what runs; a journey puts another build in.
 */
export async function supervise(
  settings: Settings = readSettings(),
  unitsOf: (context: Context) => Unit[] = platformUnits,
): Promise<void> {
  const paths = supervisorPaths(settings);
  for (const dir of [paths.records, paths.logs]) mkdirSync(dir, { recursive: true, mode: 0o755 });
  if (!claim(settings)) return;
  let heard = Date.now();
  // Of the code that runs, which is not what lies there after the next build.
  const code = codeVersion();
  let context = await loadContext(settings);
  let writing: NodeJS.Immediate | undefined;
  const supervisor = new Supervisor(paths, () => {
    writing ??= setImmediate(() => {
      writing = undefined;
      writeBoard();
    });
  });
  const writeBoard = () => {
    const board: Board = {
      heard,
      code,
      addresses: platformAddresses(context),
      units: supervisor.statuses(),
    };
    writeJson(paths.status, board, 0o644);
  };
  // One change after the other, so that two calls of `up` do not meet.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) =>
    (turn = turn.then(work).catch((error: unknown) => console.error(error)));
  process.on('SIGHUP', () => {
    void inTurn(async () => {
      context = await loadContext(settings);
      await supervisor.apply(unitsOf(context));
      heard = Date.now();
      writeBoard();
    });
  });
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      void inTurn(async () => {
        await supervisor.stopAll();
        writeBoard();
        rmSync(paths.lock, { force: true });
        process.exit(0);
      });
    });
  }
  process.on('SIGUSR2', () => {
    rmSync(paths.lock, { force: true });
    process.exit(0);
  });
  // A supervisor that falls leaves the platform running; the next one takes it over.
  process.on('unhandledRejection', (error) => console.error('unhandled', error));
  await inTurn(() => supervisor.apply(unitsOf(context)));
  writeBoard();
}

/** One supervisor for each state directory. The record has the form that all processes have. */
function claim(settings: Settings): boolean {
  const { lock } = supervisorPaths(settings);
  if (supervisorPid(settings) !== undefined) return false;
  rmSync(lock, { force: true });
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  try {
    writeFileSync(lock, `supervisor\n${bootId}${stat}`, { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
