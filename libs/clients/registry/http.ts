import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Get {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

const maxRedirects = 3;

/**
 * One request, redirects followed. A redirect to another host (blobs live in object stores) goes without the
 * credential and never from HTTPS to HTTP. Rejects for network, TLS, an aborted signal and an answer over `maxBytes`.
 */
export async function fetchLimited(get: Get, redirects = 0): Promise<Answer> {
  const message = await send(get);
  const status = message.statusCode ?? 0;
  const { location } = message.headers;
  if (status < 300 || status >= 400 || location === undefined) {
    return { status, headers: message.headers, body: await bodyOf(message, get.maxBytes) };
  }
  message.destroy();
  const target = new URL(location, get.url);
  if (redirects >= maxRedirects) throw new Error('too many redirects');
  if (target.protocol !== 'https:' && target.origin !== get.url.origin)
    throw new Error('redirect to an unprotected address');
  const { authorization, ...others } = get.headers ?? {};
  const isSameHost = target.origin === get.url.origin && authorization !== undefined;
  return fetchLimited(
    { ...get, url: target, headers: isSameHost ? { ...others, authorization } : others },
    redirects + 1,
  );
}

function send({ method, url, headers, signal }: Get): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // No shared agent: a resolve is rare, and an idle connection would outlive the credential it was opened for.
    const outgoing = request(url, { method, headers: { 'user-agent': 'berth', ...headers }, agent: false, signal });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end();
  });
}

async function bodyOf(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`answer larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
