import type { TryAnswer } from '@berth/api';
import { request } from 'node:http';

export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export type Said = Pick<TryAnswer, 'ms' | 'status' | 'contentType' | 'body' | 'truncated' | 'failure'>;

const patienceMs = 3_000;
const mostBytes = 2_048;

/**
 * One GET of a service, over plain HTTP to an address that we chose: no redirect is followed, no credential is sent, at
 * most 2 KB are read within 3 s. Whatever the service does is an answer; nothing is thrown.
 */
export function ask({ host, port, path }: Asked): Promise<Said> {
  const startedAtMs = performance.now();
  const signal = AbortSignal.timeout(patienceMs);
  return new Promise((resolve) => {
    const done = (said: Omit<Said, 'ms'>) =>
      resolve({ ...said, ms: Math.round((performance.now() - startedAtMs) * 10) / 10 });
    const failed = (error: Error) => done({ ...nothing, failure: failureOf(error) });
    const call = request({ host, port, path, method: 'GET', agent: false, signal, headers: { accept: '*/*' } });
    call.once('error', failed);
    call.once('response', (response) => {
      const { statusCode = null, headers } = response;
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        const body = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
        done({
          status: statusCode,
          contentType: headers['content-type'] ?? null,
          body,
          truncated: bytes > mostBytes,
          failure: null,
        });
        call.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > mostBytes) finish();
      });
      response.once('end', finish);
      // The status came; a body that never ends is shown as far as it came.
      response.once('error', finish);
    });
    call.end();
  });
}

const nothing = { status: null, contentType: null, body: '', truncated: false };

function failureOf(error: Error & { readonly code?: string }): NonNullable<Said['failure']> {
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || error.code === 'ETIMEDOUT') return 'timeout';
  if (error.code?.startsWith('HPE_')) return 'not_http';
  return error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'refused';
}
