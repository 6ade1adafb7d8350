import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/**
 * `npm test`: lint, unit, integration on real engines, the main journey and the faults on a whole platform of its own, which
 * it starts beside whatever runs and takes down again. `--all` adds every page and the daily journeys; `--only <stage>` runs
 * one of them. Its last line is `N passed, N failed`.
 */
const root = path.join(import.meta.dirname, '../..');
const stateDir = path.join(root, '.berth/test');
const resultsDir = path.join(root, 'node_modules/.cache/berth/results');
const bootstrap = path.join(root, 'tools/bootstrap.mjs');

const JestResult = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numFailedTestSuites: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
}

/** A file waits for engines most of its time. */
const workers = availableParallelism() + 1;

const stages: Stage[] = [];
const running = new Set<ReturnType<typeof spawn>>();
let interrupted = false;

/** Runs a command with our output; answers its exit code, 1 when it was killed. */
function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    });
    running.add(child);
    child.on('error', () => resolve(1));
    child.on('close', (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

async function stage(name: string, work: () => Promise<{ passed: number; failed: number }>): Promise<boolean> {
  if (interrupted) return false;
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = performance.now();
  const { passed, failed } = await work();
  stages.push({ name, passed, failed, seconds: Math.round((performance.now() - startedAt) / 1000) });
  return failed === 0;
}

/** A command that counts as one test: it works or it does not. */
const check = (name: string, command: string, args: readonly string[], environment?: NodeJS.ProcessEnv) =>
  stage(name, async () =>
    (await run(command, args, environment)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  );

/** Stages on a whole platform, in their order. */
const onPlatform = ['int', 'e2e', 'alone'];
const more = ['journeys', 'journeys-alone'];
const isAlone = (project: string) => /\balone$/.test(project);

/** Runs a project of Jest. Files share nothing but in those that need the platform alone, so several run at the same time. */
function jest(project: string, environment: NodeJS.ProcessEnv = {}): Promise<boolean> {
  return stage(project, async () => {
    const outputFile = path.join(resultsDir, `${project}.json`);
    rmSync(outputFile, { force: true });
    const args = [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      project,
      isAlone(project) ? '--runInBand' : `--maxWorkers=${workers}`,
      '--json',
      `--outputFile=${outputFile}`,
      '--silent=false',
    ];
    const code = await run(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      ...environment,
      NODE_OPTIONS: '',
    });
    if (!existsSync(outputFile)) return { passed: 0, failed: 1 };
    const result = JestResult.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
    // A skipped test is a failed one: the house has no skipped tests. A suite that did not load counts as one.
    const failed = result.numFailedTests + result.numPendingTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  });
}

async function main(args: readonly string[]): Promise<void> {
  mkdirSync(resultsDir, { recursive: true });
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const wanted = (name: string) => only === undefined || only === name;
  const projects = args.includes('--all') || only !== undefined ? [...onPlatform, ...more] : onPlatform;
  if (wanted('lint')) {
    const prettier = ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'];
    await Promise.all([
      check('lint', process.execPath, ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0']),
      check('format', process.execPath, prettier),
      check('generated files', process.execPath, ['tools/dist/generate.js', '--check']),
    ]);
  }
  if (wanted('unit')) await jest('unit');
  if (projects.some(wanted)) {
    const environment = { BERTH_STATE_DIR: stateDir };
    try {
      const up = await check(
        'platform up',
        process.execPath,
        [bootstrap, 'up', '--yes', '--copies', '2', '--sample', 'small'],
        environment,
      );
      for (const project of projects.filter(wanted)) if (up) await jest(project, environment);
    } finally {
      interrupted = false;
      await check(
        'platform down, nothing left',
        process.execPath,
        [bootstrap, 'reset', '--yes', '--check'],
        environment,
      );
    }
  }
  report();
}

function report(): void {
  process.stdout.write('\n');
  for (const { name, seconds, passed, failed } of stages)
    process.stdout.write(`${name.padEnd(30)} ${String(seconds).padStart(5)} s  ${passed} passed, ${failed} failed\n`);
  const sum = (count: (stage: Stage) => number) => stages.reduce((total, each) => total + count(each), 0);
  const failed = sum((each) => each.failed);
  process.exitCode = failed > 0 ? 1 : 0;
  process.stdout.write(`\n${sum((each) => each.passed)} passed, ${failed} failed\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
  });
}

await main(process.argv.slice(2));
