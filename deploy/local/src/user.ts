import { chownSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { run, succeeds } from './run.js';
import type { Settings } from './config.js';
import type { User, View } from './unit.js';

const systemUser = 'berth';

/**
 * Who runs engines and services. Without root: whoever calls. With root: the owner of the checkout, or where that is
 * root too the system user `berth`, which is made once and has no home, no shell and no rights.
 */
export async function ensureServiceUser(settings: Settings): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(settings.checkout).uid;
  const user = (owner === 0 ? undefined : await lookUp(String(owner))) ?? (await ensureSystemUser());
  if (!user) throw new Error(`the system user ${systemUser} could not be made`);
  const view = viewOf(user, [settings.checkout, settings.stateDir]);
  return view ? { ...user, view } : user;
}

async function ensureSystemUser(): Promise<User | undefined> {
  if (!(await succeeds('getent', ['passwd', systemUser]))) {
    const place = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
    await run('useradd', ['--system', '--user-group', ...place, systemUser]);
  }
  return lookUp(systemUser);
}

/** The view that a user needs to reach these paths, undefined when nothing is in the way. */
export function viewOf(
  user: Pick<User, 'uid'>,
  paths: string[],
  stat: (path: string) => FolderMode = statSync,
): View | undefined {
  const may = (path: string) => {
    const { uid, mode } = stat(path);
    return (mode & (uid === user.uid ? 0o100 : 0o001)) !== 0;
  };
  const closed = paths.flatMap((path) => ancestors(path).find((folder) => !may(folder)) ?? []);
  const [hide] = closed.sort((a, b) => a.length - b.length);
  if (hide === undefined) return undefined;
  const other = closed.find((folder) => folder !== hide);
  if (other) throw new Error(`the services may pass neither ${hide} nor ${other}: chmod o+x ${other}`);
  const below = paths.filter((path) => path.startsWith(`${hide}/`));
  const show = below.filter((path) => !below.some((outer) => path.startsWith(`${outer}/`)));
  for (const path of show) {
    if (!may(path)) throw new Error(`the services may not read ${path}: chmod o+rx ${path}`);
  }
  return { hide, show };
}

type FolderMode = Pick<Stats, 'uid' | 'mode'>;

/** Folders above a path, from the top. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...ancestors(parent), parent];
}

async function lookUp(key: string): Promise<User | undefined> {
  const [name, , uid, gid, , home] = (await run('getent', ['passwd', key]).catch(() => '')).trim().split(':');
  return name && uid && gid ? { name, uid: Number(uid), gid: Number(gid), home: home || '/' } : undefined;
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
