import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pathTo, routes, type InputOf, type Operation, type ResponseOf, type Route } from '@berth/api';
import { isFinal, type Problem } from '@berth/contracts';

/** An answer of the API: the parsed result, or the problem. */
export interface Answer<R extends Route> {
  readonly status: number;
  readonly etag: string | null;
  readonly data: ResponseOf<R>;
  readonly problem: Problem | null;
}

/** What a call carries beside its route. */
export interface Request<R extends Route> {
  readonly params?: InputOf<R>['params'];
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly ifMatch?: string | number;
  readonly idempotencyKey?: string;
  readonly waitSeconds?: number;
  readonly bearer?: string;
}

/** A user of the public API over real HTTP: a session, its cookie and its CSRF token. */
export class ApiUser {
  private cookie = '';
  private csrf = '';

  constructor(readonly url: string) {}

  /** Calls a row of the route table. Answers with a problem instead of throwing. */
  async call<R extends Route>(route: R, request: Request<R> = {}): Promise<Answer<R>> {
    const response = await fetch(this.address(route, request), {
      method: route.method,
      headers: this.headers(request),
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(90_000),
    });
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? '';
    const text = await response.text();
    const body: unknown = text === '' ? null : (JSON.parse(text) as unknown);
    const ok = response.status < 400;
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      data: (ok ? body : null) as ResponseOf<R>,
      problem: ok ? null : (body as Problem),
    };
  }

  /** Like `call`, and fails when the answer is a problem. */
  async ok<R extends Route>(route: R, request: Request<R> = {}): Promise<ResponseOf<R>> {
    const answer = await this.call(route, request);
    if (answer.problem) throw new Error(`${route.id}: ${answer.status} ${JSON.stringify(answer.problem)}`);
    return answer.data;
  }

  /** The text of a streamed answer that ends by itself. */
  async text<R extends Route>(route: R, request: Request<R>): Promise<string> {
    const response = await fetch(this.address(route, request), {
      headers: this.headers(request),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`${route.id}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  async login(username: string, password: string): Promise<ResponseOf<typeof routes.login>> {
    const me = await this.ok(routes.login, { body: { username, password } });
    this.csrf = me.csrfToken;
    return me;
  }

  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    const me = await this.ok(routes.changePassword, { body: { oldPassword, newPassword } });
    this.csrf = me.csrfToken;
  }

  /** Sends a command and waits for the end of its operation, however it ends. */
  async operate<R extends Route>(route: R, request: Request<R> = {}, withinMs = 120_000): Promise<Operation> {
    const accepted = (await this.ok(route, { idempotencyKey: randomUUID(), ...request })) as { operationId: string };
    return this.ended(accepted.operationId, withinMs);
  }

  /** The operation once it has ended; fails when that takes longer. */
  async ended(operationId: string, withinMs = 120_000): Promise<Operation> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const answer = await this.call(routes.getOperation, { params: { id: operationId } }).catch(() => undefined);
      if (answer?.status === 200 && isFinal(answer.data.state)) return answer.data;
      if (Date.now() > deadline)
        throw new Error(
          `operation ${operationId} did not end in ${withinMs} ms: ${JSON.stringify(answer?.data?.steps ?? answer?.problem)}`,
        );
      await delay(200);
    }
  }

  /** Reads server-sent events until `take` answers false. */
  async *feed(
    lastEventId?: string,
    signal?: AbortSignal,
  ): AsyncGenerator<{ id: string; event: string; data: unknown }> {
    const response = await fetch(`${this.url}${routes.feed.path}`, {
      headers: {
        ...this.headers({}),
        accept: 'text/event-stream',
        ...(lastEventId && { 'last-event-id': lastEventId }),
      },
      ...(signal && { signal }),
    });
    if (!response.ok || !response.body) throw new Error(`feed: ${response.status}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
        );
        text = text.slice(end + 2);
        if (fields.has('data'))
          yield {
            id: fields.get('id') ?? '',
            event: fields.get('event') ?? 'message',
            data: JSON.parse(fields.get('data') ?? 'null') as unknown,
          };
      }
    }
  }

  /** Headers that make a request this user's: the session's cookie and its CSRF token. */
  credentials(): { cookie: string; 'x-csrf-token': string } {
    return { cookie: this.cookie, 'x-csrf-token': this.csrf };
  }

  private address<R extends Route>(route: R, request: Request<R>): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {})) query.set(name, String(value));
    return `${this.url}${pathTo(route, request.params as Record<string, string>)}${query.size > 0 ? `?${query.toString()}` : ''}`;
  }

  private headers(request: Request<Route>): Record<string, string> {
    return {
      ...(request.bearer ? { authorization: `Bearer ${request.bearer}` } : this.credentials()),
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...(request.ifMatch !== undefined && {
        'if-match': typeof request.ifMatch === 'number' ? `"${request.ifMatch}"` : request.ifMatch,
      }),
      ...(request.idempotencyKey && { 'idempotency-key': request.idempotencyKey }),
      ...(request.waitSeconds && { prefer: `wait=${request.waitSeconds}` }),
    };
  }
}
