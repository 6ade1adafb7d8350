import { problemOf, type ProblemCode } from '@berth/api';
import type { Problem } from '@berth/contracts';
import { ProblemError, TransientError } from '@berth/platform/errors';
import { sendProblem } from '@berth/platform/http';
import { currentContext, type Logger } from '@berth/platform/log';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

type FieldError = NonNullable<Problem['errors']>[number];

/** Errors of the HTTP server before a handler runs. */
const serverErrors: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
};

/** The problem of anything that was thrown. What is not expected is logged and told only by its number. */
export function problemFor(error: unknown, log: Logger): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof TransientError) {
    log.warn('A request failed for the moment', { err: error });
    return problemOf('service_unavailable', { service: 'gateway' });
  }
  const known = serverErrors[error instanceof Error && 'code' in error ? String(error.code) : ''];
  if (known === 'body_too_large') return problemOf(known, { limit: '1 MiB' });
  if (known === 'bad_request' || error instanceof SyntaxError)
    return problemOf(
      'bad_request',
      {},
      { errors: [{ path: '', code: 'invalid_json', message: 'The body is not JSON.' }] },
    );
  if (known) return problemOf(known);
  const correlationId = currentContext()?.correlationId ?? 'unknown';
  log.error('A request failed', { err: error });
  return problemOf('internal', { correlationId });
}

/** Answers with a problem; a stream that has begun is cut off instead. */
export function answerProblem(reply: FastifyReply, error: unknown, log: Logger): void {
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const problem = problemFor(error, log);
  if (problem.code === 'too_many_attempts') void reply.header('retry-after', String(problem.params?.seconds ?? 60));
  sendProblem(reply, problem);
}

/** Bad fields of one part of a request. Values are never quoted: they may be secret. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], prefix: string): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys')
      return [{ path: prefix + path.join('.'), code: issue.code, message: issue.message }];
    const message = 'There is no such field.';
    return issue.keys.map((key) => ({ path: prefix + [...path, key].join('.'), code: 'unknown_field', message }));
  });
}
