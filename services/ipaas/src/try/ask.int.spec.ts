import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import { ask } from './ask.js';

let http: Server;
let tcp: TcpServer;
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const at = (server: { address(): unknown }, path = '/') => ask({ host: '127.0.0.1', port: portOf(server), path });

beforeAll(async () => {
  http = createHttp((request, response) => {
    if (request.url === '/slow') return;
    if (request.url === '/away') return void response.writeHead(302, { location: '/large' }).end();
    const body = request.url === '/large' ? 'x'.repeat(10_000) : JSON.stringify(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  tcp = createTcp((socket) => {
    socket.on('error', () => undefined);
    socket.end('SSH-2.0-OpenSSH\r\n');
  }).listen(0, '127.0.0.1');
  await Promise.all([once(http, 'listening'), once(tcp, 'listening')]);
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
  tcp.close();
});

test('an answer has its status, type, time and text; no cookie and no credential was sent', async () => {
  const said = await at(http);
  expect(said).toMatchObject({ status: 200, contentType: 'application/json', truncated: false, failure: null });
  expect(Object.keys(JSON.parse(said.body) as object).sort()).toEqual(['accept', 'connection', 'host']);
  expect(said.ms).toBeGreaterThan(0);
});

test('of 10,000 bytes the first 2,048 are shown; a redirect is shown and not followed', async () => {
  expect(await at(http, '/large')).toMatchObject({ body: 'x'.repeat(2_048), truncated: true });
  expect(await at(http, '/away')).toMatchObject({ status: 302, body: '' });
});

test('what does not answer in 3 s, refuses, or does not speak HTTP says so', async () => {
  const startedAtMs = Date.now();
  expect(await at(http, '/slow')).toMatchObject({ status: null, failure: 'timeout' });
  expect(Date.now() - startedAtMs).toBeLessThan(6_000);
  expect(await at(tcp)).toMatchObject({ status: null, failure: 'not_http' });
  expect(await ask({ host: '127.0.0.1', port: 1, path: '/' })).toMatchObject({ failure: 'refused' });
});
