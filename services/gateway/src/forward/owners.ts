import type { ServiceName } from '@berth/contracts';
import { messageOf, ProblemError, refuse } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import { metrics } from '@berth/platform/metrics';
import type { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';
import { answered, failed, inOrder, type Copy } from './copies.js';

/** What is asked of an owner. */
export interface OwnerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Makes the body; called for each try. */
  readonly body?: (() => string | Buffer | Readable) | undefined;
  /** True when asking twice does no harm: then another copy is asked when the connection breaks before the answer. */
  readonly isSafe: boolean;
  /** True for an answer that goes on for as long as it likes. */
  readonly isStream: boolean;
  readonly signal: AbortSignal;
}

export const timeoutMs = 10_000;
/** Errors before a byte was sent: another copy may always be asked. */
const notSent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Connections to the services behind the gateway. */
export class Owners {
  private readonly copies: ReadonlyMap<ServiceName, Copy[]>;
  private readonly pools = new Map<string, Pool>();
  private readonly seconds = metrics.histogram('berth_gateway_owner_seconds', 'Answers of owners', ['owner', 'result']);
  private turn = 0;

  constructor(
    urls: Readonly<Partial<Record<ServiceName, readonly string[]>>>,
    private readonly log: Logger,
  ) {
    this.copies = new Map(
      Object.entries(urls).map(([owner, list]) => [
        owner as ServiceName,
        list.map((url) => ({ url, failures: 0, openUntilMs: 0 })),
      ]),
    );
  }

  /**
   * The answer of one of the owner's copies, whatever its status.
   * @throws ProblemError `service_unavailable` that names the owner when no copy answers; what the signal aborts with
   */
  async ask(owner: ServiceName, request: OwnerRequest): Promise<Dispatcher.ResponseData> {
    const stop = this.seconds.startTimer({ owner });
    for (const copy of inOrder(this.copies.get(owner) ?? [], this.turn++, performance.now())) {
      try {
        const response = await this.askCopy(copy, request);
        answered(copy);
        stop({ result: 'answered' });
        return response;
      } catch (error) {
        request.signal.throwIfAborted();
        if (!this.mayAskAnother(owner, copy, request, error)) break;
      }
    }
    stop({ result: 'unavailable' });
    throw refuse('service_unavailable', { service: owner });
  }

  /** The services of this installation. */
  configured(): ServiceName[] {
    return [...this.copies].filter(([, copies]) => copies.length > 0).map(([owner]) => owner);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }

  private askCopy(
    copy: Copy,
    { method, path, headers, body, signal, isStream }: OwnerRequest,
  ): Promise<Dispatcher.ResponseData> {
    return this.poolOf(copy.url).request({
      method,
      path,
      headers,
      body: body?.() ?? null,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: isStream ? 0 : timeoutMs,
    });
  }

  private mayAskAnother(owner: ServiceName, copy: Copy, { isSafe }: OwnerRequest, error: unknown): boolean {
    // An error that the body itself raised is the caller's.
    if (error instanceof ProblemError) throw error;
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const isUnsent = notSent.has(code);
    if (isUnsent || broken.has(code)) failed(copy, performance.now());
    this.log.warn('A copy of an owner does not answer', { owner, url: copy.url, code, reason: messageOf(error) });
    return isUnsent || (isSafe && broken.has(code));
  }

  private poolOf(url: string): Pool {
    const pool = this.pools.get(url) ?? new Pool(url, { connect: { timeout: 1_000 }, keepAliveTimeout: 10_000 });
    this.pools.set(url, pool);
    return pool;
  }
}
