import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const sessionCookie = 'berth_session';
export const csrfHeader = 'x-csrf-token';
/** A session ends after 8 hours without a request, and after 24 hours anyway. */
export const idleMs = 8 * 60 * 60 * 1_000;
export const absoluteMs = 24 * 60 * 60 * 1_000;
/** How often a used session is marked as used. */
export const touchEveryMs = 60 * 1_000;

export interface SessionTimes {
  readonly createdAt: Date;
  readonly seenAt: Date;
}

export function isLive({ createdAt, seenAt }: SessionTimes, now: Date): boolean {
  return now.getTime() < createdAt.getTime() + absoluteMs && now.getTime() < seenAt.getTime() + idleMs;
}

/** When a session ends if it is not used again. */
export function endsAt({ createdAt, seenAt }: SessionTimes): Date {
  return new Date(Math.min(createdAt.getTime() + absoluteMs, seenAt.getTime() + idleMs));
}

/** What the cookie holds: 128 random bits, in base64url. Only its hash is stored. */
export function newSessionToken(): string {
  return randomBytes(16).toString('base64url');
}

/** A machine token: 256 random bits behind a prefix that secret scanners can find. */
export function newMachineToken(): string {
  return `berth_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token. The tokens are random, so one round of a plain hash is enough. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The CSRF token of a session: known to whoever may read the session's answers, and no use without its cookie. */
export function csrfTokenOf(sessionToken: string): string {
  return createHash('sha256').update(`csrf:${sessionToken}`).digest('base64url');
}

/** Compares in a time that does not tell where they differ. */
export function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Value of the session cookie in a Cookie header, if there is one of the right form. */
export function readSessionCookie(header: string | undefined): string | undefined {
  return header?.match(/(?:^|;\s*)berth_session=([A-Za-z0-9_-]{22})(?:;|$)/)?.[1];
}

/** The Set-Cookie that logs in, or with an empty token logs out. */
export function sessionCookieHeader(token: string, secure: boolean): string {
  const life = token === '' ? 0 : absoluteMs / 1_000;
  return `${sessionCookie}=${token}; Path=/; Max-Age=${life}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
