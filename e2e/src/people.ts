import { routes } from '@berth/api';
import { ApiUser } from '@berth/local';
import { adminPassword, eventually, status } from './platform.js';

/** What the administrator of a test platform is called to choose at the first login. */
export const chosenPassword = 'a-Long-enough-1-for-e2e';

/**
 * The administrator, logged in; changes the first password when that has not happened yet. Two files may begin at the same
 * time: then one of them changes it under the other, who looks again.
 */
export function administrator(url?: string): Promise<ApiUser> {
  return eventually('the administrator logged in', () => tryAdministrator(url), 30_000, 500);
}

async function tryAdministrator(url?: string): Promise<ApiUser> {
  const platform = await status();
  const user = new ApiUser(url ?? platform.url);
  const again = await user.call(routes.login, { body: { username: platform.adminUser, password: chosenPassword } });
  if (!again.problem) {
    await user.login(platform.adminUser, chosenPassword);
    return user;
  }
  if (platform.adminPasswordFile === null)
    throw new Error('the first password is gone and the chosen one does not work: reset the platform');
  const first = adminPassword(platform.adminPasswordFile);
  await user.login(platform.adminUser, first);
  await user.changePassword(first, chosenPassword);
  return user;
}

/** A new user with these roles, logged in with a password of their own. */
export async function person(
  admin: ApiUser,
  username: string,
  bindings: { role: 'developer' | 'viewer' | 'operator' | 'owner'; scope: string }[],
): Promise<ApiUser> {
  const first = `first-Password-${username}`;
  await admin.ok(routes.createUser, { body: { username, name: username, password: first, bindings } });
  const user = new ApiUser(admin.url);
  await user.login(username, first);
  await user.changePassword(first, `second-Password-${username}`);
  return user;
}
