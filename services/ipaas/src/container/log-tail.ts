import type { LogLine } from '@berth/api';
import { isClusterError, type ClusterClient } from '@berth/clients/kubernetes';
import { Injectable } from '@nestjs/common';
import { ClusterClients } from '../cluster/cluster-clients.js';
import { logLine } from './log-lines.js';

const patienceMs = 4_000;
const limitBytes = 256 * 1024;

/** The last lines of one run of a container. */
export interface Tail {
  readonly previous: boolean;
  readonly lines: readonly Extract<LogLine, { text: string }>[];
}

/** Reads the end of a container's output at once, for who wants to judge it rather than to follow it. */
@Injectable()
export class LogTail {
  constructor(private readonly clients: ClusterClients) {}

  /** Of the run before when there was one, else of the present one. Null when there is nothing to read, or nobody to ask. */
  async read(
    container: { readonly cluster: string; readonly namespace: string; readonly name: string },
    prefersPrevious: boolean,
    tailLines: number,
  ): Promise<Tail | null> {
    const client = await this.clients.forReading(container.cluster);
    if (!client) return null;
    const { namespace, name } = container;
    for (const previous of prefersPrevious ? [true, false] : [false]) {
      const lines = await linesOf(client, namespace, name, previous, tailLines);
      if (lines && lines.length > 0) return { previous, lines };
    }
    return null;
  }
}

async function linesOf(
  client: ClusterClient,
  namespace: string,
  name: string,
  previous: boolean,
  tailLines: number,
): Promise<Tail['lines'] | null> {
  try {
    const source = await client.logs(namespace, name, {
      container: 'main',
      previous,
      timestamps: true,
      tailLines,
      limitBytes,
      signal: AbortSignal.timeout(patienceMs),
    });
    const chunks: Buffer[] = [];
    for await (const chunk of source as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => logLine(line)).filter((line) => 'text' in line);
  } catch (error) {
    // No such run, no such container, or a cluster that does not answer: there is nothing to show.
    if (isClusterError(error) || (error instanceof Error && error.name === 'AbortError')) return null;
    throw error;
  }
}
