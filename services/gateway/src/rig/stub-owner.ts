import type { ServiceName } from '@berth/contracts';
import { identityHeader, IdentityVerifier, type Identity } from '@berth/platform/identity';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What reached the owner. */
export interface Reached {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly identity: Identity;
  readonly body: string;
}

export type Answering = (request: Reached, response: ServerResponse) => void;

/** Stands in for one service behind the gateway: a real server that checks identities and answers what it is told. */
export class StubOwner {
  readonly reached: Reached[] = [];
  /** How many requests had no identity that it accepts. */
  refused = 0;
  answering: Answering = (_request, response) => json(response, 200, { items: [], continue: null });
  private readonly server = createServer((request, response) => void this.take(request, response));

  private constructor(private readonly verifier: IdentityVerifier) {}

  static async start(service: ServiceName, publicKey: string): Promise<StubOwner> {
    const owner = new StubOwner(new IdentityVerifier(publicKey, service));
    await new Promise<void>((done) => owner.server.listen(0, '127.0.0.1', done));
    return owner;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const identity = await this.verifier.verify(String(request.headers[identityHeader]));
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = '', url = '', headers } = request;
      const reached = { method, url, headers, identity, body: Buffer.concat(chunks).toString() };
      this.reached.push(reached);
      this.answering(reached, response);
    } catch (error) {
      this.refused += 1;
      json(response, 401, { code: 'not_logged_in', title: '', detail: String(error), actor: 'you' });
    }
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
}
