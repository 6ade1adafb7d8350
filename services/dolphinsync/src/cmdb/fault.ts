import type { CmdbRejected } from '@berth/api';
import type { z } from 'zod';

/** What is wrong with a row, without saying which row it is. */
export type Fault = Pick<CmdbRejected, 'field' | 'code' | 'value' | 'params' | 'reason'>;
type Params = CmdbRejected['params'];

const sentences: Record<CmdbRejected['code'], (field: string, params: Params) => string> = {
  not_an_object: () => 'a row is an object with fields',
  missing: (field) => `${field} is missing`,
  wrong_type: (field, { type }) => `${field} must be a ${type}`,
  too_short: (field, { min }) => `${field} needs at least ${min} characters`,
  too_long: (field, { max }) => `${field} has at most ${max} characters`,
  control_character: (field) => `${field} has a character that cannot be shown, such as NUL or a line break`,
  mixed_letters: (field) => `${field} mixes letters of several alphabets that look the same`,
  given_twice: (field) => `the same ${field} is given by an earlier row`,
  unknown_parent: (field) => `there is no usable ${field} of this id`,
  not_a_service_code: () => 'a code has a-z, 0-9 and dashes, 1 to 40 characters, and starts with a letter',
  nothing_to_remove: () => 'nothing of this id is there that could be removed',
  also_named: () => 'the same delta names this id, and what is named is not removed',
  reserved_code: () => 'codes that start with kube- are reserved',
};

export function fault(code: CmdbRejected['code'], field: string, value: unknown, params: Params = {}): Fault {
  return { code, field, value: shown(value), params, reason: sentences[code](field, params) };
}

/** The first issue of a row that does not have the form of its kind. */
export function faultOfIssue(issue: z.core.$ZodIssue | undefined, row: unknown): Fault {
  const field = issue?.path.map(String).join('.') ?? '';
  if (!issue || field === '') return fault('not_an_object', '', row);
  const value = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[field] : undefined;
  if (value === undefined) return fault('missing', field, value);
  if (issue.code === 'too_small') return fault('too_short', field, value, { min: Number(issue.minimum) });
  if (issue.code === 'too_big') return fault('too_long', field, value, { max: Number(issue.maximum) });
  return fault('wrong_type', field, value, { type: issue.code === 'invalid_type' ? issue.expected : 'text' });
}

const unshowable = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** NUL, line breaks and halves of characters: a database or a page cannot hold them. */
export function hasUnshowable(text: string): boolean {
  return unshowable.test(text);
}

/** A Cyrillic or Greek letter beside Latin ones: two codes that look alike and are not. */
export function mixesLetters(text: string): boolean {
  return /\p{Script=Latin}/u.test(text) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text);
}

function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return [...text.slice(0, 200)]
    .slice(0, 100)
    .map((letter) => (hasUnshowable(letter) ? '\ufffd' : letter))
    .join('');
}
