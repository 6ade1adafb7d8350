// sample-web: a website that says which version of it answers, in which cluster and on which host.
import { createServer, get } from 'node:http';
import { hostname } from 'node:os';

const {
  SAMPLE_VERSION = 'dev',
  BERTH_CLUSTER = '',
  PORT = '8080',
  LISTEN_HOST = '0.0.0.0',
  CRASH,
  EXIT_CODE = '1',
} = process.env;
const self = { service: 'sample-web', version: SAMPLE_VERSION, cluster: BERTH_CLUSTER, host: hostname() };

const say = (level, text) => console.log(`${new Date().toISOString()} ${level.padEnd(5)} ${text}`);

if (CRASH) {
  say('ERROR', `设置了 CRASH,以退出码 ${EXIT_CODE} 结束`);
  process.exit(Number(EXIT_CODE));
}

const page = () => `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>云帆集团(样例)</title>
<style>body{font:16px/1.8 system-ui,sans-serif;margin:4rem auto;max-width:40rem}code{background:#eef;padding:.1em .4em}</style>
<h1>云帆集团(样例)</h1>
<p>版本 <code>${self.version}</code> · 集群 <code>${self.cluster}</code> · 主机 <code>${self.host}</code></p>
`;

const server = createServer((request, response) => {
  const answer = (status, type, body) =>
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
  switch (request.url) {
    case '/':
      say('INFO', `GET / 来自 ${request.socket.remoteAddress}`);
      if (request.headers.accept?.includes('text/html')) return answer(200, 'text/html', page());
      return answer(200, 'application/json', `${JSON.stringify(self)}\n`);
    case '/healthz':
      return answer(200, 'text/plain', 'ok\n');
    default:
      return answer(404, 'text/plain', `没有 ${request.url}\n`);
  }
});

server.listen(Number(PORT), LISTEN_HOST, () => say('INFO', `sample-web ${self.version} 监听 ${LISTEN_HOST}:${PORT}`));

// One request a second to itself, so that there is always something to read in its log.
const visitor = setInterval(() => {
  get(`http://127.0.0.1:${PORT}/`, (answer) => answer.resume()).on('error', () => undefined);
}, 1000);

process.on('SIGTERM', () => {
  say('INFO', '收到 SIGTERM,处理完已有请求后退出');
  clearInterval(visitor);
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
