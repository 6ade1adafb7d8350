import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const cacheDir = join(root, 'node_modules/.cache/berth');

/** A message for the person at the terminal, not a fault of the program. */
export class Stop extends Error {}

export const say = (line) => process.stdout.write(`${line}\n`);

/** Says every 30 s that it still goes on, and with what. */
export async function patiently(what, work) {
  const began = Date.now();
  const timer = setInterval(() => say(`  … still ${what} (${Math.round((Date.now() - began) / 1000)} s)`), 30_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Runs a program to its end with its output shown or collected. Returns `{ code, output }`. */
export function run(command, args, { show = false, env = process.env, cwd = root } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: 127, output: error.message }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** One at a time on this checkout: `npm test` beside `npm run up` must not build into each other's files. */
export async function exclusively(name, work) {
  const file = join(root, '.berth', `${name}.lock`);
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      if (!holderIsAlive(file)) rmSync(file, { force: true });
      else if (!told) say('Waiting for another command of this checkout to finish its work …');
      await delay(300);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function holderIsAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')) || -1, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Remembers for which input something was done last. */
export function stamp(name) {
  const file = join(cacheDir, `${name}.stamp`);
  return {
    is(value) {
      try {
        return readFileSync(file, 'utf8') === value;
      } catch {
        return false;
      }
    },
    set(value) {
      mkdirSync(cacheDir, { recursive: true });
      writeFileSync(file, value);
    },
  };
}
