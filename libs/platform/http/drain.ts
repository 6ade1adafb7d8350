import type { FastifyInstance, FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

/** Lets requests at hand end when the service stops, and ends streams, whose readers come back to another copy. */
export class HttpDrain {
  private readonly streams = new Set<FastifyReply>();
  private readonly stopping = new AbortController();
  private open = 0;
  private idle: (() => void) | undefined;

  /** Aborted when the service stops. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  attach(server: FastifyInstance): void {
    server.addHook('onRequest', (_request, reply, done) => {
      this.open += 1;
      if (this.stopping.signal.aborted) void reply.header('connection', 'close');
      reply.raw.once('close', () => this.ended(reply));
      done();
    });
    server.addHook('onSend', (_request, reply, payload, done) => {
      if (payload instanceof Readable) this.streams.add(reply);
      if (this.stopping.signal.aborted) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Resolves when no request is at hand any more, or after `patienceMs`. */
  async drain(patienceMs: number): Promise<void> {
    this.stopping.abort();
    for (const reply of this.streams) reply.raw.end();
    if (this.open === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.idle = resolve;
      timer = setTimeout(resolve, patienceMs);
    });
    clearTimeout(timer);
  }

  private ended(reply: FastifyReply): void {
    this.open -= 1;
    this.streams.delete(reply);
    if (this.open === 0) this.idle?.();
  }
}
