import { request } from 'node:https';
import { codeOf, reasonOf } from './failure.js';

/** Answer of an anonymous look at `/readyz`. 401 and 403 over verified TLS mean: it is there. */
export type ReadyzProbe =
  | { readonly kind: 'ok'; readonly latencyMs: number }
  | { readonly kind: 'unauthorized_but_reachable'; readonly latencyMs: number }
  | { readonly kind: 'unhealthy'; readonly latencyMs: number; readonly detail: string }
  | { readonly kind: 'tls'; readonly latencyMs: number; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly latencyMs: number; readonly detail: string };

export interface ReadyzTarget {
  readonly server: string;
  readonly caPem: string;
  readonly tlsServerName?: string;
  /** For everything together: name, connection, TLS and answer. */
  readonly timeoutMs: number;
}

type Outcome = ReadyzProbe extends infer Probe ? (Probe extends ReadyzProbe ? Omit<Probe, 'latencyMs'> : never) : never;

/** Asks a cluster, without any credential and over a new connection, whether it is ready. Never throws. */
export async function probeReadyz(target: ReadyzTarget): Promise<ReadyzProbe> {
  const startedAt = performance.now();
  const limit = AbortSignal.timeout(target.timeoutMs);
  const outcome = await ask(target, limit).catch((error: unknown) => failure(error, limit));
  return { ...outcome, latencyMs: Math.round(performance.now() - startedAt) } as ReadyzProbe;
}

function ask(target: ReadyzTarget, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const base = new URL(target.server);
    const outgoing = request(new URL(`${base.pathname.replace(/\/+$/, '')}/readyz`, base), {
      agent: false,
      ca: target.caPem,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(target.tlsServerName ? { servername: target.tlsServerName } : {}),
      signal,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        if (text.length < 4096) text += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => resolve(judge(answer.statusCode ?? 0, text)));
    });
    outgoing.end();
  });
}

function judge(status: number, text: string): Outcome {
  if (status === 200) return { kind: 'ok' };
  if (status === 401 || status === 403) return { kind: 'unauthorized_but_reachable' };
  const failed = text.split('\n').filter((line) => line.startsWith('[-]'));
  return { kind: 'unhealthy', detail: failed.join('; ').slice(0, 500) || `HTTP ${status}` };
}

function failure(error: unknown, limit: AbortSignal): Outcome {
  if (limit.aborted) return { kind: 'unreachable', detail: 'no answer in time' };
  const isTls = /CERT|SSL|TLS|PEM|SIGNATURE|ISSUER|SELF_SIGNED|EPROTO/.test(codeOf(error));
  return { kind: isTls ? 'tls' : 'unreachable', detail: reasonOf(error) };
}
