import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, mediaTypes } from './manifest.js';
import { createRegistryClient } from './registry-client.js';

const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: { User: 'app' } }));
const descriptor = { digest: digestOf(config), size: config.length };
const manifest = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.image, config: descriptor, layers: [] }),
);
const credential = { username: 'robot', password: 'secret-word' };
const basic = `Basic ${Buffer.from('robot:secret-word').toString('base64')}`;
const image = 'registry.example/team/app:1';

let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const client = () => createRegistryClient({ mirrors: { 'registry.example': origin }, timeoutMs: 2000 });

/** The image itself, to whoever asks. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url?.includes('/blobs/') ? config : manifest);
}

describe('a registry that gives tokens', () => {
  test('gets the credential at its login only, with the scope of 1 repository, and the token everywhere else', async () => {
    const seen: string[] = [];
    answer = (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', origin);
      seen.push(`${pathname} ${request.headers.authorization ?? '-'}`);
      if (pathname === '/token') {
        expect(Object.fromEntries(searchParams)).toEqual({ service: 'reg', scope: 'repository:team/app:pull' });
        response.end(JSON.stringify({ token: 't-1' }));
      } else if (request.headers.authorization === 'Bearer t-1') serve(request, response);
      else
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${origin}/token",service="reg",scope="x"` }).end();
    };
    const resolved = await client().resolve(image, { architecture: 'amd64', credential });
    expect(resolved).toMatchObject({ kind: 'resolved', digest: digestOf(manifest), user: 'app' });
    expect(seen).toEqual([
      '/v2/team/app/manifests/1 -',
      `/token ${basic}`,
      '/v2/team/app/manifests/1 Bearer t-1',
      `/v2/team/app/blobs/${descriptor.digest} Bearer t-1`,
    ]);
  });

  test('that refuses the login is unauthorized', async () => {
    answer = (_request, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${origin}/token"` }).end();
    expect(await client().resolve(image, { architecture: 'amd64', credential })).toMatchObject({
      kind: 'unauthorized',
    });
  });
});

describe('a registry that misbehaves is unreachable', () => {
  test('when its content does not match the digest that it tells', async () => {
    answer = (_request, response) =>
      response.setHeader('docker-content-digest', `sha256:${'0'.repeat(64)}`).end(manifest);
    const failure = await client().resolve(image, { architecture: 'amd64' });
    expect(failure).toMatchObject({
      kind: 'unreachable',
      detail: expect.stringContaining('does not match its digest'),
    });
  });

  test('when it sends a configuration that is not the one of the manifest', async () => {
    answer = (request, response) => response.end(request.url?.includes('/blobs/') ? '{}' : manifest);
    expect(await client().resolve(image, { architecture: 'amd64' })).toMatchObject({ kind: 'unreachable' });
  });

  test('when it sends us on to another host without TLS', async () => {
    answer = (_request, response) => response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end();
    const failure = await client().resolve(image, { architecture: 'amd64' });
    expect(failure).toMatchObject({ kind: 'unreachable', detail: expect.stringContaining('unprotected') });
  });

  test('when its manifest is larger than 4 MiB', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(5 * 1024 * 1024));
    const failure = await client().resolve(image, { architecture: 'amd64' });
    expect(failure).toMatchObject({ kind: 'unreachable', detail: expect.stringContaining('larger than') });
  });

  test('when it answers 500, or a web page', async () => {
    answer = (_request, response) => response.writeHead(500).end();
    expect(await client().resolve(image, { architecture: 'amd64' })).toMatchObject({ kind: 'unreachable' });
    answer = (_request, response) => response.end('<html></html>');
    expect(await client().resolve(image, { architecture: 'amd64' })).toMatchObject({ kind: 'unreachable' });
  });
});

test('a redirect inside the same registry is followed, with the credential', async () => {
  answer = (request, response) => {
    if (request.headers.authorization !== basic)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    else if (request.url?.startsWith('/v2/')) response.writeHead(307, { location: `/moved${request.url}` }).end();
    else serve(request, response);
  };
  expect(await client().resolve(image, { architecture: 'amd64', credential })).toMatchObject({ kind: 'resolved' });
});
