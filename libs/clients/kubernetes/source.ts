import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { ClusterError } from './errors.js';
import { parseJson, parseSlim } from './json.js';
import { resourcePath } from './kinds.js';
import type { WatchEvent, WatchSource } from './reflector.js';
import type { Query, Transport } from './transport.js';
import type { WatchOptions } from './watch.js';

/** Small enough that parsing one page does not hold up everything else. */
const pageSize = 250;
const maxLineLength = 16 * 1024 * 1024;

export const pageSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullable(),
});

const eventSchema = z.object({ type: z.string(), object: z.unknown() });

/** List and watch of one kind over HTTPS. */
export function httpSource<Row>(transport: Transport, options: WatchOptions<Row>): WatchSource {
  const { projection, namespace, labelSelector, fieldSelector } = options;
  const path = resourcePath(projection.kind, namespace);
  const selection: Query = { labelSelector, fieldSelector };
  const parse = projection.keepManagedFields ? parseJson : parseSlim;

  return {
    page: async (token, signal) => {
      const query = { ...selection, limit: pageSize, continue: token };
      const { metadata, items } = parse(await transport.call({ method: 'GET', path, query, signal }), pageSchema);
      // An empty token is how the last page says that it is the last.
      const next = metadata.continue ? { continue: metadata.continue } : {};
      return { items: items ?? [], resourceVersion: metadata.resourceVersion, ...next };
    },
    follow: async (resourceVersion, signal) => {
      // Spread, so that all watches of a cluster do not come back in the same second.
      const timeoutSeconds = 240 + Math.floor(Math.random() * 60);
      const query = { ...selection, watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
      const body = await transport.stream({ method: 'GET', path, query, signal });
      return eventsOf(body, (line) => parse(line, eventSchema));
    },
  };
}

async function* eventsOf(body: IncomingMessage, parse: (line: string) => WatchEvent): AsyncGenerator<WatchEvent[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) throw new ClusterError('unreachable', 'a watch line is too long');
    // A chunk without a whole line is still a sign of life.
    yield lines.filter((line) => line !== '').map(parse);
  }
}
