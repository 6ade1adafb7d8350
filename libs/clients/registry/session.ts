import { z } from 'zod';
import { type Answer, fetchLimited } from './http.js';
import { parseJson } from './json.js';
import type { RegistryCredential, RegistryFailure } from './registry.js';

export interface Target {
  /** `https://host:port` */
  readonly origin: string;
  readonly repository: string;
}

/** Requests to one repository that prove themselves once and reuse the proof. */
export interface Session {
  /** `path` below `/v2/<repository>/`, or absolute below the same registry. */
  ask(
    method: 'GET' | 'HEAD',
    path: string,
    options: { accept?: string; maxBytes: number },
  ): Promise<Answer | RegistryFailure>;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

export function openSession(target: Target, credential: RegistryCredential | undefined, signal: AbortSignal): Session {
  let authorization: string | undefined;

  const send = (method: 'GET' | 'HEAD', url: URL, accept: string | undefined, maxBytes: number) => {
    const headers = { ...(accept ? { accept } : {}), ...(authorization ? { authorization } : {}) };
    return fetchLimited({ method, url, headers, maxBytes, signal });
  };

  return {
    ask: async (method, path, { accept, maxBytes }) => {
      try {
        const url = new URL(path.startsWith('/') ? path : `/v2/${target.repository}/${path}`, target.origin);
        let answer = await send(method, url, accept, maxBytes);
        if (answer.status === 401) {
          const proof = await prove(target, answer.headers['www-authenticate'], credential, signal);
          if (typeof proof !== 'string') return proof;
          authorization = proof;
          answer = await send(method, url, accept, maxBytes);
        }
        return failureOf(answer, credential !== undefined) ?? answer;
      } catch (error) {
        return { kind: 'unreachable', detail: reasonOf(error, target.origin) };
      }
    },
  };
}

/** The `authorization` that the registry asked for. */
async function prove(
  target: Target,
  challenge: string | undefined,
  credential: RegistryCredential | undefined,
  signal: AbortSignal,
): Promise<string | RegistryFailure> {
  const basic =
    credential && `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`;
  const [, scheme = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(challenge ?? '') ?? [];
  if (scheme.toLowerCase() !== 'bearer') return basic ?? needsCredential;

  const params = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const realm = params['realm'] ?? '';
  if (!URL.canParse(realm)) return { kind: 'unreachable', detail: 'the registry names no place to log in' };
  const url = new URL(realm);
  const isProtected = url.protocol === 'https:' || (url.protocol === 'http:' && target.origin.startsWith('http:'));
  if (!isProtected) return { kind: 'unreachable', detail: 'the registry wants the login over an unprotected address' };
  if (params['service']) url.searchParams.set('service', params['service']);
  url.searchParams.set('scope', `repository:${target.repository}:pull`);

  const headers: Record<string, string> = basic ? { authorization: basic } : {};
  const answer = await fetchLimited({ method: 'GET', url, headers, maxBytes: 256 * 1024, signal });
  const failure = failureOf(answer, credential !== undefined);
  if (failure)
    return failure.kind === 'not_found'
      ? { kind: 'unreachable', detail: 'the login of the registry is not there' }
      : failure;
  const { token, access_token } = parseJson(answer.body.toString('utf8'), tokenSchema);
  const bearer = token ?? access_token;
  return bearer ? `Bearer ${bearer}` : { kind: 'unreachable', detail: 'the login of the registry gave no token' };
}

const needsCredential: RegistryFailure = {
  kind: 'unauthorized',
  detail: 'the registry wants a credential; some registries say so, too, for images that do not exist',
};

function failureOf({ status }: Answer, hasCredential: boolean): RegistryFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 404) return { kind: 'not_found', detail: 'the registry has no such image' };
  if (status === 401 || status === 403) {
    return hasCredential
      ? { kind: 'unauthorized', detail: 'the credential is not accepted for this image' }
      : needsCredential;
  }
  return { kind: 'unreachable', detail: `the registry answers with HTTP ${status}` };
}

function reasonOf(error: unknown, origin: string): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return `${origin} does not answer as a registry does`;
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map((e) => reasonOf(e, origin)).join('; ');
  return `${origin}: ${error instanceof Error ? error.message : String(error)}`;
}
