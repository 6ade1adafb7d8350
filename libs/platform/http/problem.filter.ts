import type { Problem } from '@berth/contracts';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { missing, problemOf, statusOf, type ProblemCode } from '@berth/api';
import { ProblemError, TransientError } from '../errors/index.js';
import { currentContext, type Logger } from '../log/index.js';
import { correlationIdOf } from './correlation.js';

type Params = NonNullable<Problem['params']>;

/** Errors of the HTTP server before any method runs, by their code. */
const serverErrors: Readonly<Record<string, [ProblemCode, Params?]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', { limit: '1 MiB' }],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad_request'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad_request'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request'],
};

/** Answers everything that goes wrong as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly service: string,
    private readonly log: Logger,
    /** Methods that the address takes, if there is one for others. */
    private readonly methodsOf: (path: string) => readonly string[],
    private readonly bodyLimitBytes: number,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // A stream that has begun cannot become a problem any more: cutting it off tells the reader.
    if (reply.raw.headersSent) {
      this.log.warn('A stream broke off', { err: error });
      reply.raw.destroy();
      return;
    }
    sendProblem(reply, this.problemOf(error, request, reply));
  }

  private problemOf(error: unknown, request: FastifyRequest, reply: FastifyReply): Problem {
    if (error instanceof ProblemError) return error.problem;
    if (error instanceof TransientError) {
      this.log.warn('A request failed for the moment', { err: error });
      return problemOf('service_unavailable', { service: this.service });
    }
    const known = serverErrors[codeOf(error)];
    if (known?.[0] === 'body_too_large') return problemOf('body_too_large', { limit: `${this.bodyLimitBytes} bytes` });
    if (known) return malformed(known, error);
    if (error instanceof HttpException && error.getStatus() === 404) return this.notFound(request, reply);
    const correlationId = currentContext()?.correlationId ?? correlationIdOf(request);
    this.log.error('A request failed', { err: error, correlationId });
    return problemOf('internal', { correlationId });
  }

  private notFound(request: FastifyRequest, reply: FastifyReply): Problem {
    const path = request.url.split('?', 1)[0] as string;
    const methods = this.methodsOf(path).filter((method) => method !== request.method);
    if (methods.length === 0) return problemOf('not_found', missing('address'));
    void reply.header('allow', methods.join(', '));
    return problemOf('method_not_allowed');
  }
}

/** Sends a problem with its status. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  const status = statusOf(problem);
  const text = JSON.stringify({ type: `urn:berth:problem:${problem.code}`, status, ...problem });
  // As bytes, or the server would add a charset, which this media type does not have.
  void reply
    .status(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(Buffer.from(text));
}

function malformed([code, params]: [ProblemCode, Params?], error: unknown): Problem {
  if (code !== 'bad_request') return problemOf(code, params);
  const message =
    codeOf(error) === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' ? 'The length is wrong.' : 'The body is not JSON.';
  return problemOf(code, {}, { errors: [{ path: '', code: 'invalid_json', message }] });
}

/** Nest wraps the server's error in its own. */
function codeOf(error: unknown): string {
  if (error instanceof HttpException && error.cause !== undefined) return codeOf(error.cause);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
