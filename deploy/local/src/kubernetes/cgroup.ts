import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Control groups of one cluster: every process of it, from etcd to the containers, is inside. So what has to go when
 * the platform stops is known to the kernel, also after every file of ours is lost.
 */
const root = '/sys/fs/cgroup';
const isUnified = () => existsSync(join(root, 'cgroup.controllers'));

/** Directories of this group in every hierarchy: one with cgroup v2, one a controller with v1. */
function directories(group: string): string[] {
  if (isUnified()) return [join(root, group)];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name, group));
}

export function ensureCgroup(group: string): void {
  if (isUnified()) enableControllers(root);
  for (const dir of directories(group)) mkdirSync(dir, { recursive: true });
  if (isUnified()) enableControllers(join(root, group));
  for (const dir of joinDirectories(group)) mkdirSync(dir, { recursive: true });
}

/** Where a process of the cluster enters. v1: the hierarchy that only counts. v2: a leaf, as processes may be nowhere else. */
export function joinDirectories(group: string): string[] {
  return [isUnified() ? join(root, group, 'system') : join(root, 'pids', group, 'system')];
}

/** Kills everything inside, until nothing is left or 10 s have passed. */
export async function killCgroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const pids = directories(group).flatMap(processesUnder);
    if (pids.length === 0) return;
    for (const pid of new Set(pids)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone in the meantime.
      }
    }
    await delay(100);
  }
}

export function removeCgroup(group: string): void {
  for (const dir of directories(group)) removeTree(dir);
}

/** Groups that still exist; for the check after `down`. */
export function cgroupLeftovers(group: string): string[] {
  return directories(group).filter((dir) => existsSync(dir));
}

function processesUnder(dir: string): number[] {
  if (!existsSync(dir)) return [];
  const own = read(join(dir, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  return [...own, ...childrenOf(dir).flatMap(processesUnder)];
}

function removeTree(dir: string): void {
  if (!existsSync(dir)) return;
  for (const child of childrenOf(dir)) removeTree(child);
  try {
    rmdirSync(dir);
  } catch {
    // A process that is just ending keeps it for a moment; the check after `down` would show it.
  }
}

const childrenOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(dir, entry.name));

function enableControllers(dir: string): void {
  const available = read(join(dir, 'cgroup.controllers'))
    .split(/\s+/)
    .filter((name) => ['cpu', 'cpuset', 'memory', 'pids', 'io'].includes(name));
  for (const name of available) {
    try {
      writeFileSync(join(dir, 'cgroup.subtree_control'), `+${name}`);
    } catch {
      // A controller that this machine does not hand on; the kubelet says so when it needs it.
    }
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
