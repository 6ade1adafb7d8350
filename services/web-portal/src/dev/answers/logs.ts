import type { ServerResponse } from 'node:http';

const red = '\u001b[1;31m';
const plain = '\u001b[0m';

function lineAt(index: number): string {
  if (index % 17 === 0) return `${red}ERROR${plain} 连接超时 upstream=quote-gateway attempt=${index}`;
  if (index % 7 === 0) return `WARN slow request path=/api/fund/${index} took=812ms`;
  if (index % 11 === 0) return `DEBUG \u001b[32mcache hit\u001b[0m key=fund:${index}`;
  return `INFO GET /api/fund/${index} 200 3ms 用户=${index * 7}`;
}

/** A container of `quote-gateway` has 50,000 lines and writes 1,000 a second; the first of `cashier` has not started. */
export function streamLog(response: ServerResponse, query: URLSearchParams): void {
  response.setHeader('content-type', 'application/x-ndjson');
  const container = query.get('container') ?? '';
  const isLoud = container.startsWith('quote-gateway');
  const isFollowed = query.get('follow') === 'true';
  const everyMs = isLoud ? 10 : 700;
  const had = isLoud ? 50_000 : Math.min(400, Number(query.get('tailLines') ?? 400));
  const write = (index: number, at: number) =>
    response.write(`${JSON.stringify({ at: new Date(at).toISOString(), text: lineAt(index) })}\n`);
  const notStarted = () =>
    response.write(`${JSON.stringify({ notice: 'not_started', detail: 'pulling 40 s: Pulling image' })}\n`);
  const isPulling = container.startsWith('cashier') && container.endsWith('be0');
  if (isPulling) notStarted();
  else for (let index = 1; index <= had; index += 1) write(index, Date.now() - (had - index) * (everyMs / 10));
  if (!isFollowed) return void response.end();
  let index = had;
  const timer = setInterval(() => {
    if (isPulling) return;
    for (let count = 0; count < (isLoud ? 10 : 1); count += 1) write((index += 1), Date.now());
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
