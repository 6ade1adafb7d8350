import type { ServerResponse } from 'node:http';

const red = '\u001b[1;31m';
const plain = '\u001b[0m';

function lineAt(index: number): string {
  if (index % 17 === 0) return `${red}ERROR${plain} 连接超时 upstream=quote-gateway attempt=${index}`;
  if (index % 7 === 0) return `WARN slow request path=/api/fund/${index} took=812ms`;
  if (index % 11 === 0) return `DEBUG \u001b[32mcache hit\u001b[0m key=fund:${index}`;
  return `INFO GET /api/fund/${index} 200 3ms 用户=${index * 7}`;
}

/** Of one that is gone: the kept end, or nothing any more. */
function goneLog(response: ServerResponse, container: string, write: (index: number, at: number) => void): void {
  const say = (notice: object) => response.write(`${JSON.stringify(notice)}\n`);
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  if (!container.endsWith('0old')) say({ notice: 'gone', detail: 'the cluster has removed the container' });
  else {
    const kept = { run: 1, mostLines: 200, toEnd: true, readAt: at(0), until: at(30) };
    say({ notice: 'kept', detail: 'up to 200 last lines of run 1', kept });
    for (let index = 1; index <= 200; index += 1) write(index, Date.now() - (1_000 - index) * 1_000);
  }
  response.end();
}

/** A container of `quote-gateway` has 50,000 lines and writes 1,000 a second; the first of `cashier` has not started. */
export function streamLog(response: ServerResponse, query: URLSearchParams): void {
  response.setHeader('content-type', 'application/x-ndjson');
  const container = query.get('container') ?? '';
  const isLoud = container.startsWith('quote-gateway');
  const isFollowed = query.get('follow') === 'true';
  const everyMs = isLoud ? 10 : 700;
  const had = isLoud ? 50_000 : 400;
  const first = Math.max(1, had + 1 - Number(query.get('tailLines') ?? had));
  const write = (index: number, at: number) =>
    response.write(`${JSON.stringify({ at: new Date(at).toISOString(), text: lineAt(index) })}\n`);
  const notStarted = () =>
    response.write(`${JSON.stringify({ notice: 'not_started', detail: 'pulling 40 s: Pulling image' })}\n`);
  if (container.endsWith('old')) return goneLog(response, container, write);
  const isPulling = container.startsWith('cashier') && container.endsWith('be0');
  if (isPulling) notStarted();
  else for (let index = first; index <= had; index += 1) write(index, Date.now() - (had - index) * (everyMs / 10));
  if (!isFollowed) return void response.end();
  let index = had;
  const timer = setInterval(() => {
    if (isPulling) return;
    for (let count = 0; count < (isLoud ? 10 : 1); count += 1) write((index += 1), Date.now());
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
