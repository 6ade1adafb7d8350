import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routes } from '@berth/api';
import { sseParser, type SseEvent } from '../../services/web-portal/src/api/feed/sse.js';

/** One feed that a browser read through the front, from one copy of the gateway. */
export interface PassedFeed {
  readonly copy: string;
  readonly lastEventId: string | null;
  readonly events: SseEvent[];
  ended: boolean;
}

/** What stands before the gateways in production: one address, and each request goes to the first copy that takes it. */
export class Front {
  readonly feeds: PassedFeed[] = [];

  private constructor(
    private readonly copies: readonly string[],
    private readonly server: Server,
  ) {}

  static async open(copies: readonly string[]): Promise<Front> {
    const server = createServer();
    const front = new Front(copies, server);
    server.on('request', (incoming, answer) => void front.pass(incoming, answer));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    for (const copy of this.copies) {
      const upstream = await ask(copy, incoming, body).catch(() => null);
      if (!upstream) continue;
      answer.writeHead(upstream.statusCode ?? 502, upstream.headers);
      answer.on('close', () => upstream.destroy());
      upstream.on('error', () => answer.destroy());
      if (incoming.url === routes.feed.path) this.listen(copy, incoming, upstream);
      upstream.pipe(answer);
      return;
    }
    answer.writeHead(502).end();
  }

  /** Keeps what a feed says on its way. */
  private listen(copy: string, { headers }: IncomingMessage, upstream: IncomingMessage): void {
    const feed: PassedFeed = {
      copy,
      lastEventId: (headers['last-event-id'] as string) ?? null,
      events: [],
      ended: false,
    };
    this.feeds.push(feed);
    const parse = sseParser();
    upstream.on('data', (chunk: Buffer) => feed.events.push(...parse(chunk.toString())));
    upstream.on('close', () => (feed.ended = true));
  }
}

function ask(copy: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(url ?? '/', copy), { method, headers, agent: false });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
