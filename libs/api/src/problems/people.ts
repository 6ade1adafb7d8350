import type { ProblemKind } from './kind.js';

/** Logins, rights and accounts. */
export const peopleProblems = {
  not_logged_in: {
    status: 401,
    title: 'Not logged in',
    detail: 'There is no session, or it has ended.',
    actor: 'you',
    todo: 'Log in.',
  },
  wrong_credentials: {
    status: 401,
    title: 'Wrong user name or password',
    detail: 'The user name and password do not belong together.',
    actor: 'you',
    todo: 'Check both, or ask an administrator to reset the password.',
  },
  password_change_required: {
    status: 403,
    title: 'The first password must be changed',
    detail: 'This account still has the password it was given.',
    actor: 'you',
    todo: 'Choose a password of your own.',
  },
  weak_password: {
    status: 422,
    title: 'The password is too weak',
    detail: 'A password needs at least {minLength} characters, must differ from the old one and from the user name.',
    actor: 'you',
    todo: 'Choose another one.',
  },
  csrf: {
    status: 403,
    title: 'The request did not come from the portal',
    detail: 'The request carries the session cookie but not its CSRF header.',
    actor: 'you',
    todo: 'Reload the page.',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many attempts',
    detail: 'Try again in {seconds} seconds.',
    actor: 'wait',
  },
  forbidden: {
    status: 403,
    title: 'You may not do this',
    detail: 'This needs the right {permission} in {scope}. You have: {roles}.',
    actor: 'you',
    todo: 'Ask an owner of the project for a role that has it.',
  },
  last_admin: {
    status: 409,
    title: 'The last administrator',
    detail: 'This would leave the platform without an administrator.',
    actor: 'you',
  },
  not_yourself: {
    status: 409,
    title: 'Not on your own account',
    detail: 'Nobody can shut out themselves.',
    actor: 'you',
    todo: 'Ask another administrator.',
  },
  user_exists: { status: 409, title: 'The user exists', detail: 'There is a user {username}.', actor: 'you' },
} as const satisfies Record<string, ProblemKind>;
