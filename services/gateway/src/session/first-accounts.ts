import type { Clock } from '@berth/platform/clock';
import { messageOf } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import type { Database, Tx } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { AuditStore } from '../audit/audit.store.pg.js';
import type { MemberStore } from '../members/members.store.pg.js';
import type { Passwords } from './passwords.js';
import { SessionStore } from './session.store.pg.js';

interface FirstAccount {
  readonly username: string;
  readonly name: string;
  readonly mustChangePassword: boolean;
}

/** What the first administrator logs in as. */
export const adminUsername = 'admin';
const adminBinding = { role: 'platform-admin', scope: 'platform' } as const;

/** For a person, whose first password must be changed. */
const admin: FirstAccount = { username: adminUsername, name: 'Administrator', mustChangePassword: true };

/** For the program that sets the platform up through the API; no person knows its password, so it stays. */
const setup: FirstAccount = { username: 'setup', name: 'Setup', mustChangePassword: false };

/** Makes the accounts that are there before anybody can add one. Copies that start together make each once. */
export class FirstAccounts {
  private readonly sessions = new SessionStore();
  private readonly audit = new AuditStore();

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
    await this.forgetOldFile(adminFile);
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
      await this.members.add(tx, user, [adminBinding]);
      await this.record(tx, username, user.at);
    });
    this.log.info('A first account was made', { username });
  }

  /**
   * Gives `admin` the password of the file, to be changed at the next login, and ends its sessions. An administrator who
   * is missing, inactive or without the role is one again. @throws when the file cannot be used
   */
  async resetAdmin(adminFile: string): Promise<void> {
    const password = await this.read(adminFile);
    if (password === undefined) throw new Error('the password was not reset');
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      await this.members.lock(tx);
      const at = this.clock.now();
      const user = await this.members.byName(tx, adminUsername);
      if (user) await this.readmit(tx, user.id, passwordHash);
      else await this.members.add(tx, { ...admin, id: randomUUID(), passwordHash, at }, [adminBinding]);
      await this.record(tx, adminUsername, at);
    });
    this.log.info('The administrator has a new first password', { username: adminUsername });
  }

  private async readmit(tx: Tx, id: string, passwordHash: string): Promise<void> {
    await this.members.setActive(tx, id, true);
    await this.members.addBinding(tx, id, adminBinding);
    // The password first: a login with the old one that is under way then fails, or its session is seen and ended here.
    await this.sessions.setPassword(tx, id, passwordHash);
    await this.sessions.endOthers(tx, id, null);
  }

  /** The copy in which the password was changed may have died before it removed the file. */
  private async forgetOldFile(adminFile: string | undefined): Promise<void> {
    const user = await this.members.byName(this.database, adminUsername);
    if (user && !user.mustChangePassword) await forgetPasswordFile(adminFile, this.log);
  }

  private async record(tx: Tx, target: string, at: Date): Promise<void> {
    const actor = { id: 'gateway', name: 'gateway', channel: 'system' as const };
    const entry = { actor, address: null, action: 'firstPassword', target, cause: null, result: 'done' as const };
    await this.audit.append(tx, [{ ...entry, problemCode: null, operationId: null, correlationId: randomUUID() }], at);
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

/** Removes the file of a first password that is no longer true, where we may; nobody should go by it any more. */
export async function forgetPasswordFile(file: string | undefined, log: Logger): Promise<void> {
  if (!file) return;
  await rm(file, { force: true }).catch((error: unknown) =>
    log.warn('The file with the old first password stays', { file, reason: messageOf(error) }),
  );
}
