import { chownSync, mkdirSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { run, succeeds } from './run.js';
import type { Settings } from './config.js';
import type { User } from './unit.js';

const systemUser = 'berth';

/**
 * Who runs engines and services. Without root: whoever calls. With root: the owner of the checkout, or where that is
 * root too the system user `berth`, which is made once and has no home, no shell and no rights.
 */
export async function ensureServiceUser(settings: Settings): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(settings.checkout).uid;
  if (owner !== 0) {
    const user = await lookUp(String(owner));
    if (user) return user;
  }
  if (!(await succeeds('getent', ['passwd', systemUser]))) {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      systemUser,
    ]);
  }
  return lookUp(systemUser);
}

async function lookUp(key: string): Promise<User | undefined> {
  const [name, , uid, gid, , home] = (await run('getent', ['passwd', key]).catch(() => '')).trim().split(':');
  return name && uid && gid ? { name, uid: Number(uid), gid: Number(gid), home: home || '/' } : undefined;
}

/** The caller itself, for places that need a user and not only a change of user. */
export function currentUser(): User {
  const { username, uid, gid } = userInfo();
  return { name: username, uid, gid, home: homedir() };
}

/** A directory that the user owns. */
export function ownDir(path: string, user: User | undefined, mode = 0o700): string {
  mkdirSync(path, { recursive: true, mode });
  if (user) chownSync(path, user.uid, user.gid);
  return path;
}

export function giveFile(path: string, user: User | undefined): void {
  if (user) chownSync(path, user.uid, user.gid);
}
