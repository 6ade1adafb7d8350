import type { ProblemKind } from './kind.js';

/** What is wrong with a request, whatever it asks for. */
export const requestProblems = {
  bad_request: {
    status: 400,
    title: 'The request is not valid',
    detail: 'One or more fields are wrong; each is named.',
    actor: 'you',
    todo: 'Correct the named fields and send it again.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is no {what}, or you may not see it.', actor: 'you' },
  method_not_allowed: {
    status: 405,
    title: 'Not possible here',
    detail: 'This address does not take that method.',
    actor: 'you',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Not JSON',
    detail: 'Send the body as application/json.',
    actor: 'you',
  },
  body_too_large: { status: 413, title: 'Too large', detail: 'The body is larger than {limit}.', actor: 'you' },
  if_match_required: {
    status: 428,
    title: 'If-Match is missing',
    detail: 'A change must say which version it was made on.',
    actor: 'you',
    todo: 'Send the ETag you read as If-Match.',
  },
  stale_version: {
    status: 412,
    title: 'Somebody was faster',
    detail: 'You saw version {seen}; it is at {current} by now.',
    actor: 'you',
    todo: 'Look at what changed, then try again.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for something else',
    detail: 'The same key came with another body before.',
    actor: 'you',
    todo: 'Use a new key for a new request.',
  },
  nothing_to_do: { status: 409, title: 'Nothing to do', detail: '{reason}', actor: 'you' },
} as const satisfies Record<string, ProblemKind>;
