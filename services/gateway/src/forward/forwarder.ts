import { pathTo } from '@berth/api';
import type { ServiceName } from '@berth/contracts';
import { refuse } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Visit } from '../edge/visit.js';
import { narrowed } from '../rights/rights.js';
import type { Identities } from './identities.js';
import type { Owners } from './owners.js';

const requestHeaders = [
  'accept',
  'accept-language',
  'content-type',
  'content-length',
  'if-match',
  'if-none-match',
] as const;
const answerHeaders = [
  'content-type',
  'etag',
  'location',
  'retry-after',
  'content-disposition',
  'cache-control',
  'allow',
];
/** Up to here an answer is read before it is passed on, so that an owner that dies in the middle becomes a problem. */
const wholeUpToBytes = 1_048_576;

/** An answer to pass on. */
export interface Passed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
}

/** Passes requests on to the owners of their routes. */
export class Forwarder {
  constructor(
    private readonly owners: Owners,
    private readonly identities: Identities,
    private readonly log: Logger,
  ) {}

  /** @param bodyLimitBytes the body is cut off with `body_too_large` above it */
  async forward(visit: Visit, request: FastifyRequest, reply: FastifyReply, bodyLimitBytes: number): Promise<Passed> {
    const { route } = visit;
    const scopes = route.scope === 'set' ? narrowed(visit.scopes, filterOf(request.query)) : visit.scopes;
    const headers = {
      ...pick(request, bodyLimitBytes),
      ...(await this.identities.headers(route, visit.caller, scopes)),
    };
    const answer = await this.owners.ask(route.owner, {
      method: route.method,
      path: pathTo(route, request.params as Record<string, string>) + queryOf(request.url),
      headers,
      body: bodyOf(request, bodyLimitBytes),
      isSafe: route.method === 'GET',
      isStream: route.streams !== undefined,
      signal: abandoned(reply),
    });
    if (answer.statusCode === 401) return this.refusedUs(route.owner, answer);
    return pass(route.owner, answer, route.streams !== undefined);
  }

  /** The owner does not accept our signature: not the caller's fault, and no reason to send them to the login. */
  private async refusedUs(owner: ServiceName, answer: Dispatcher.ResponseData): Promise<never> {
    await answer.body.dump();
    this.log.error('An owner does not accept the identity that the gateway signed', { owner });
    throw refuse('service_unavailable', { service: owner });
  }
}

/** Aborted when the caller goes away before the answer is complete. */
export function abandoned(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function pass(owner: ServiceName, answer: Dispatcher.ResponseData, isStream: boolean): Promise<Passed> {
  const headers = Object.fromEntries(
    answerHeaders.flatMap((name) => {
      const value = answer.headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  const length = Number(answer.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const isWhole = !isStream && length <= wholeUpToBytes;
  const body = isWhole
    ? await answer.body.arrayBuffer().then(
        (bytes) => Buffer.from(bytes),
        () => {
          throw refuse('service_unavailable', { service: owner });
        },
      )
    : answer.body;
  return { status: answer.statusCode, headers, body };
}

function pick(request: FastifyRequest, bodyLimitBytes: number): Record<string, string> {
  const { headers } = request;
  if (Number(headers['content-length'] ?? 0) > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
  const hasBody = request.body !== undefined && request.body !== null;
  return Object.fromEntries(
    requestHeaders.flatMap((name) => {
      const value = headers[name];
      return value === undefined || (name.startsWith('content-') && !hasBody) ? [] : [[name, value]];
    }),
  );
}

function bodyOf({ body }: FastifyRequest, limitBytes: number): (() => Buffer | Readable) | undefined {
  if (body === undefined || body === null) return undefined;
  if (Buffer.isBuffer(body)) return () => body;
  const source = body as Readable;
  return () => Readable.from(limited(source, limitBytes), { objectMode: false });
}

/** Starts to read its source only when the connection stands, so that another copy can be asked when it does not. */
async function* limited(source: Readable, limitBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > limitBytes) throw tooLarge(limitBytes);
    yield chunk as Uint8Array;
  }
}

function tooLarge(limitBytes: number) {
  return refuse('body_too_large', { limit: `${limitBytes / 1_048_576} MiB` });
}

function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
}

function filterOf(query: unknown): { project?: string; environment?: string } {
  const { project, environment } = query as Readonly<Record<string, unknown>>;
  return {
    ...(typeof project === 'string' && { project }),
    ...(typeof environment === 'string' && { environment }),
  };
}
