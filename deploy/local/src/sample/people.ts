import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { routes } from '@berth/api';
import { z } from 'zod';
import type { Settings } from '../config.js';
import { readJson, writeJson } from '../state.js';
import { ApiUser } from './api-user.js';
import { people, sampleSource, type PersonName } from './company.js';

/** The passwords of the sample's people, readable by their owner only. */
export const samplePasswordsFile = (settings: Pick<Settings, 'stateDir'>): string =>
  join(settings.stateDir, 'keys', 'sample-people.json');

const passwordsSchema = z.record(z.string(), z.string());

/** The people's passwords by their user names: random, made once, in one file that only its owner reads. */
function passwordsIn(file: string): Record<string, string> {
  const known = readJson(file, passwordsSchema);
  if (known) return known;
  const made = Object.fromEntries(people.map(({ username }) => [username, randomBytes(9).toString('base64url')]));
  writeJson(file, made, 0o600);
  return made;
}

/**
 * Makes the accounts: 陈敏 by `setup`, the others by 陈敏. Each has changed its first password, as everybody must. They belong
 * to the sample: they leave with it, and one that came back with a password that nobody knows any more gets a new one.
 */
export async function enterPeople(setup: ApiUser, file: string, report: (detail: string) => void): Promise<void> {
  const { items } = await setup.ok(routes.listUsers, { query: { limit: 200 } });
  const known = new Map(items.map((user) => [user.username, user.id]));
  let admin = setup;
  for (const { name, username, bindings } of people) {
    const password = passwordsIn(file)[username] ?? '';
    // Known to nobody for longer than this call, and the same again after one that was cut short.
    const first = `first-${password}`;
    const id = known.get(username);
    if (id === undefined) {
      report(`the account of ${name}`);
      await admin.ok(routes.createUser, { body: { username, name, password: first, bindings, sample: sampleSource } });
    }
    const user = new ApiUser(setup.url);
    const me = await user
      .login(username, id === undefined ? first : password)
      .catch(() => user.login(username, first))
      .catch(async (error: unknown) => {
        if (id === undefined) throw error;
        const body = { password: first, cause: '样例恢复' };
        await setup.ok(routes.resetPassword, { params: { id }, body });
        return user.login(username, first);
      });
    if (me.mustChangePassword) await user.changePassword(first, password);
    if (name === '陈敏') admin = user;
  }
}

/** Logs the people in, each when it is needed first. */
export function peopleSessions(url: string, file: string): (name: PersonName) => Promise<ApiUser> {
  const sessions = new Map<PersonName, Promise<ApiUser>>();
  const login = async (name: PersonName): Promise<ApiUser> => {
    const username = people.find((person) => person.name === name)?.username ?? '';
    const user = new ApiUser(url);
    await user.login(username, passwordsIn(file)[username] ?? '');
    return user;
  };
  return (name) => {
    const session = sessions.get(name) ?? login(name);
    sessions.set(name, session);
    // One that failed is tried again with the next step.
    session.catch(() => sessions.delete(name));
    return session;
  };
}
