import type { ServerResponse } from 'node:http';

export function streamLog(response: ServerResponse, query: URLSearchParams): void {
  response.setHeader('content-type', 'application/x-ndjson');
  const write = (index: number) =>
    response.write(
      `${JSON.stringify({ at: new Date().toISOString(), text: index % 17 === 0 ? `ERROR 连接超时 upstream=quote-gateway attempt=${index}` : index % 7 === 0 ? `WARN slow request path=/api/fund/${index} took=812ms` : `INFO GET /api/fund/${index} 200 3ms 用户=${index * 7}` })}\n`,
    );
  for (let index = 1; index <= 400; index += 1) write(index);
  if (query.get('follow') !== 'true') return void response.end();
  let index = 400;
  const timer = setInterval(() => write((index += 1)), 700);
  response.on('close', () => clearInterval(timer));
}
