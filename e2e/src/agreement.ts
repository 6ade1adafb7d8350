import { isFinal, OperationChange, rowsByType, serviceNames, streams, type ServiceName } from '@berth/contracts';
import { query } from './database.js';
import { readAll, type Written } from './kafka.js';
import { poisonPrefix } from './sample.js';

interface Sequence {
  readonly stream: string;
  readonly key: string;
  readonly last: string;
}

/** What was said and not heard: readers whose newest message of a key is not the newest that was said of it. */
export async function unheard(): Promise<string[]> {
  const found: string[] = [];
  for (const producer of serviceNames) {
    const said = await query<Sequence>(producer, 'select stream, key, last from outbox_sequence');
    for (const consumer of serviceNames) {
      const heard = new Map(
        (
          await query<Sequence>(consumer, `select stream, key, last from inbox_sequence where source = '${producer}'`)
        ).map((row) => [`${row.stream} ${row.key}`, Number(row.last)]),
      );
      for (const { stream, key, last } of said)
        if (hearsAll(consumer, stream) && (heard.get(`${stream} ${key}`) ?? 0) < Number(last))
          found.push(`${consumer} of ${stream} ${key}: ${heard.get(`${stream} ${key}`) ?? 0} of ${last}`);
    }
  }
  return found;
}

/** Whether a service handles every type of a stream; of the others it never hears some. */
function hearsAll(service: ServiceName, stream: string): boolean {
  const rows = [...rowsByType.values()].filter((row) => row.stream.name === stream);
  return rows.length > 0 && rows.every((row) => row.consumers.some((consumer) => consumer === service));
}

/** Everything in command and event streams, without what a journey wrote there on purpose. */
export async function said(): Promise<Written[]> {
  const written = await readAll(streams.filter(({ cleanup }) => cleanup === 'delete').map(({ name }) => name));
  return written.filter(({ key }) => !key.startsWith(poisonPrefix));
}

/** Keys whose messages are not 1, 2, 3, … in the order in which they were first written. A repeated message is allowed. */
export function outOfOrder(written: readonly Written[]): string[] {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { topic, key, headers } of written) {
    const id = `${headers.ce_source} ${headers.ce_id}`;
    if (seen.has(id)) continue;
    seen.add(id);
    const name = `${headers.ce_source} ${topic} ${key}`;
    const sequence = Number(headers.ce_sequence);
    if (sequence !== (last.get(name) ?? 0) + 1) found.push(`${name}: ${sequence} after ${last.get(name) ?? 0}`);
    last.set(name, sequence);
  }
  return found;
}

/** Final states that were said of each operation, each message once. */
export function finalStates(written: readonly Written[]): Map<string, string[]> {
  const states = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { topic, headers, value } of written) {
    const id = headers.ce_id ?? '';
    if (!topic.endsWith('.evt.operation.v1') || value === null || seen.has(id)) continue;
    seen.add(id);
    const { operationId, state } = OperationChange.parse(JSON.parse(value));
    if (state && isFinal(state)) states.set(operationId, [...(states.get(operationId) ?? []), state]);
  }
  return states;
}
