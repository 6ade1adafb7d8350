import type { Clock } from '@berth/platform/clock';
import { messageOf } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import type { Database } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MemberStore } from '../members/members.store.pg.js';
import type { Passwords } from './passwords.js';

interface FirstAccount {
  readonly username: string;
  readonly name: string;
  readonly mustChangePassword: boolean;
}

/** For a person, whose first password must be changed. */
const admin: FirstAccount = { username: 'admin', name: 'Administrator', mustChangePassword: true };

/** For the program that sets the platform up through the API; no person knows its password, so it stays. */
const setup: FirstAccount = { username: 'setup', name: 'Setup', mustChangePassword: false };

/** Makes the accounts that are there before anybody can add one. Copies that start together make each once. */
export class FirstAccounts {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly members: MemberStore,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Both files are read only while the account does not exist; without `setupFile` there is no such account. */
  async ensure(adminFile: string | undefined, setupFile: string | undefined): Promise<void> {
    if (!adminFile && !(await this.members.hasAny(this.database)))
      this.log.warn('There is no user yet and BERTH_ADMIN_PASSWORD_FILE is not set: nobody can log in');
    await this.make(admin, adminFile);
    await this.make(setup, setupFile);
  }

  private async make(account: FirstAccount, passwordFile: string | undefined): Promise<void> {
    const { username, name, mustChangePassword } = account;
    if (!passwordFile || (await this.members.isTaken(this.database, username))) return;
    const password = await this.read(passwordFile);
    if (password === undefined) return;
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      await this.members.lock(tx);
      if (await this.members.isTaken(tx, username)) return;
      const user = { id: randomUUID(), username, name, passwordHash, mustChangePassword, at: this.clock.now() };
      await this.members.add(tx, user, [{ role: 'platform-admin', scope: 'platform' }]);
    });
    this.log.info('A first account was made', { username });
  }

  private async read(file: string): Promise<string | undefined> {
    try {
      const password = (await readFile(file, 'utf8')).trim();
      if (password.length >= 8) return password;
      this.log.error('The first password has fewer than 8 characters, so no account was made', { file });
    } catch (error) {
      this.log.error('The file with the first password cannot be read', { file, reason: messageOf(error) });
    }
    return undefined;
  }
}
