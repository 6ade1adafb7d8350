import { connect } from 'node:net';

/** Throws unless the address answers with one of the expected HTTP statuses. */
export async function expectHttp(url: string, statuses: number[] = [200]): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch((cause: unknown) => {
    throw new Error(`${url} does not answer`, { cause });
  });
  await response.arrayBuffer();
  if (!statuses.includes(response.status)) throw new Error(`${url} answers ${response.status}`);
}

/** Throws unless a connection can be made to a `host:port` or to the path of a socket. */
export function expectConnection(target: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(target);
    const name = 'path' in target ? target.path : `${target.host}:${target.port}`;
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer in 2 s')));
    socket.once('connect', () => resolve(void socket.destroy()));
    socket.once('error', (cause) => reject(new Error(`${name} takes no connection`, { cause })));
  });
}
