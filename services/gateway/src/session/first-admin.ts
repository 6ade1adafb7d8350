import type { Clock } from '@berth/platform/clock';
import { messageOf } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import type { Database } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MemberStore } from '../members/members.store.pg.js';
import type { Passwords } from './passwords.js';

/** Makes the user `admin` when there is no user yet. Copies that start together make one. */
export class FirstAdmin {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly members: MemberStore,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** @param passwordFile holds the first password, which must be changed at the first login. */
  async ensure(passwordFile: string | undefined): Promise<void> {
    if (await this.members.hasAny(this.database)) return;
    const password = await this.read(passwordFile);
    if (password === undefined) return;
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      await this.members.lock(tx);
      if (await this.members.hasAny(tx)) return;
      const user = { id: randomUUID(), username: 'admin', name: 'Administrator', passwordHash, at: this.clock.now() };
      await this.members.add(tx, user, [{ role: 'platform-admin', scope: 'platform' }]);
    });
    this.log.info('The first administrator was made', { username: 'admin' });
  }

  private async read(file: string | undefined): Promise<string | undefined> {
    if (!file) {
      this.log.warn('There is no user yet and BERTH_ADMIN_PASSWORD_FILE is not set: nobody can log in');
      return undefined;
    }
    try {
      const password = (await readFile(file, 'utf8')).trim();
      if (password.length >= 8) return password;
      this.log.error('The first password has fewer than 8 characters, so no administrator was made', { file });
    } catch (error) {
      this.log.error('The file with the first password cannot be read', { file, reason: messageOf(error) });
    }
    return undefined;
  }
}
