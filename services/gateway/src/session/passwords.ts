import { hash, verify } from '@node-rs/argon2';
import { refuse } from '@berth/platform/errors';

export const minPasswordLength = 10;

/** Hashes of passwords: argon2id, 19 MiB, 2 passes. */
export class Passwords {
  /** Hash of nothing anybody knows, so that an unknown user costs the same time as a known one. */
  private readonly decoy = hash(`${process.hrtime.bigint()}`);

  hash(password: string): Promise<string> {
    return hash(password);
  }

  /** False for a wrong password and for a user that does not exist, after the same work. */
  async matches(hashed: string | undefined, password: string): Promise<boolean> {
    const fits = await verify(hashed ?? (await this.decoy), password);
    return fits && hashed !== undefined;
  }
}

/** @throws ProblemError `weak_password` */
export function checkNewPassword(password: string, username: string, oldPassword?: string): void {
  const weak =
    password.length < minPasswordLength ||
    password === oldPassword ||
    password.toLowerCase() === username.toLowerCase();
  if (weak) throw refuse('weak_password', { minLength: minPasswordLength });
}
