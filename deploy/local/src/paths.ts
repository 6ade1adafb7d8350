import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from './config.js';

/**
 * Sockets and the runtime state of containers live here and not under the state directory: a socket's path may hold
 * 107 bytes only, and none of it may outlive a reboot.
 */
export function runDirOf(name: string): string {
  return join(process.getuid?.() === 0 ? '/run/berth' : join(tmpdir(), `berth-${process.getuid?.() ?? 0}`), name);
}

/** Where the supervisor keeps its own files. */
export function supervisorPaths(settings: Settings) {
  const { stateDir } = settings;
  return {
    records: join(stateDir, 'run'),
    logs: join(stateDir, 'logs'),
    status: join(stateDir, 'status.json'),
    lock: join(stateDir, 'run', 'supervisor'),
    log: join(stateDir, 'logs', 'supervisor.log'),
  };
}

export function ensureDir(path: string, mode = 0o755): string {
  mkdirSync(path, { recursive: true, mode });
  return path;
}
