import type { LogLine, LogsQuery } from '@berth/api';
import { isClusterError, type ClusterClient } from '@berth/clients/kubernetes';
import { Logger } from '@berth/platform/log';
import { Injectable } from '@nestjs/common';
import { once } from 'node:events';
import { addAbortSignal, PassThrough, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { ClusterClients } from '../cluster/cluster-clients.js';
import { mainContainer } from '../workload/pod-template.js';
import { ContainerService } from './container.service.js';
import type { ListedContainer } from './container.store.pg.js';
import { KeptLogService } from './kept-log.service.js';
import { LogLines } from './log-lines.js';

type Query = z.infer<typeof LogsQuery>;
type Notice = Exclude<Extract<LogLine, { notice: string }>['notice'], 'kept'>;

const limitBytes = 32 * 1024 * 1024;
const lookAgainEveryMs = 1_000;
const repeatNoticeEveryMs = 5_000;
/** A container that waits to be started again is looked at less and less often. */
const longestWaitMs = 5_000;
/** An empty line now and then, so that everybody on the way sees that the stream lives. */
const quietMs = 5_000;

/** Terminal output of one container as NDJSON; any copy may serve it. */
@Injectable()
export class LogService {
  constructor(
    readonly clients: ClusterClients,
    readonly containers: ContainerService,
    readonly kept: KeptLogService,
    private readonly log: Logger,
  ) {}

  /** @throws ProblemError not_found. What goes wrong later is said in the stream, as a notice. */
  async read(key: string, query: Query): Promise<Readable> {
    const container = await this.containers.find(key, query.cluster, query.container);
    const output = new PassThrough({ highWaterMark: 64 * 1024 });
    const closed = new AbortController();
    output.once('close', () => closed.abort());
    const reading = new LogReading(output, closed.signal, key, query, this, container);
    reading.read().catch((error: unknown) => {
      if (!closed.signal.aborted) this.log.warn('A log could not be read to its end', { key, err: error });
      output.destroy();
    });
    return output;
  }
}

/** One reader: writes to `output` as fast as it is taken, and ends when it is closed. */
class LogReading {
  private wroteAtMs = Date.now();
  /** Of the run that is read, or was read last. */
  private lines: LogLines | null = null;
  private run: number;

  constructor(
    private readonly output: PassThrough,
    private readonly signal: AbortSignal,
    private readonly key: string,
    private readonly query: Query,
    private readonly parts: Pick<LogService, 'clients' | 'containers' | 'kept'>,
    private readonly container: ListedContainer,
  ) {
    this.run = container.restarts + 1;
  }

  async read(): Promise<void> {
    const pulse = setInterval(() => {
      if (Date.now() - this.wroteAtMs >= quietMs && !this.output.writableNeedDrain) this.output.write('\n');
    }, quietMs / 2).unref();
    try {
      await this.copy(this.container);
    } finally {
      clearInterval(pulse);
      this.output.end();
    }
  }

  private async copy(container: ListedContainer): Promise<void> {
    const client = await this.parts.clients.forReading(container.cluster);
    if (!client) return this.keptOr('cluster_silent', container.cluster);
    try {
      await this.copyRuns(client, container);
    } catch (error) {
      if (this.signal.aborted) return;
      if (isClusterError(error, 'not_found'))
        return this.lines
          ? this.notice('ended', 'the container has ended')
          : this.keptOr('gone', 'the cluster has removed the container, and its output with it');
      const words = error instanceof Error ? error.message : 'the connection was lost';
      // Of one that has ended there is nothing newer to wait for.
      return container.endedAt && !this.lines
        ? this.keptOr('cluster_silent', words)
        : this.notice('cluster_silent', words);
    }
  }

  /** The end of the output that was kept here, else why there is nothing. */
  private async keptOr(notice: Notice, detail: string): Promise<void> {
    const { tailLines, sinceTime } = this.query;
    // The table may not have heard yet that it ended.
    const container = await this.find(this.container);
    const ask = { previous: this.isPrevious, tailLines, sinceTime };
    const kept = await this.parts.kept.read(container, ask, new Date());
    if (!kept) return this.notice(notice, detail);
    await this.write(kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    if (this.isFollowing) await this.notice('ended', 'the container has ended');
  }

  /** One run, and while it is followed those after it: a container that is started again goes on. */
  private async copyRuns(client: ClusterClient, container: ListedContainer): Promise<void> {
    let waitMs = lookAgainEveryMs;
    for (let now = container; !this.signal.aborted; now = await this.find(container)) {
      const source = await this.open(client, now);
      if (!source) return;
      const hadMore = await this.copyAll(addAbortSignal(this.signal, source));
      if (!this.isFollowing) return;
      if ((await this.find(container)).endedAt) return this.notice('ended', 'the container has ended');
      // Until it is started again the cluster gives the output of the run before.
      waitMs = hadMore ? lookAgainEveryMs : Math.min(longestWaitMs, waitMs * 2);
      await delay(waitMs, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  private find({ cluster, name }: ListedContainer): Promise<ListedContainer> {
    return this.parts.containers.find(this.key, cluster, name);
  }

  /** Null when there is nothing to read; waits for a container that has not started when its output is followed. */
  private async open(client: ClusterClient, container: ListedContainer): Promise<Readable | null> {
    let noticedAtMs = 0;
    let now = container;
    while (!this.signal.aborted) {
      try {
        return await this.request(client, container);
      } catch (error) {
        if (!isClusterError(error, 'invalid')) throw error;
        if (this.isPrevious) return this.nothing('gone', 'there is no run before this one');
        if (now.endedAt) return this.nothing('gone', 'it ended before it wrote anything');
        if (!this.isFollowing) return this.nothing('not_started', waitingText(now));
      }
      if (Date.now() - noticedAtMs >= repeatNoticeEveryMs) {
        await this.notice('not_started', waitingText(now));
        noticedAtMs = Date.now();
      }
      await delay(lookAgainEveryMs, undefined, { signal: this.signal }).catch(() => undefined);
      now = await this.find(container);
    }
    return null;
  }

  private request(client: ClusterClient, { namespace, name }: ListedContainer): Promise<Readable> {
    const { tailLines } = this.query;
    const sinceTime = this.lines?.lastAt ?? this.query.sinceTime;
    return client.logs(namespace, name, {
      container: mainContainer,
      follow: this.isFollowing,
      previous: this.isPrevious,
      timestamps: true,
      // Of the runs after the first nothing is left out.
      ...(!this.lines && { tailLines }),
      ...(sinceTime && { sinceTime }),
      ...(!this.isFollowing && { limitBytes }),
      signal: this.signal,
    });
  }

  /** True when there was anything that had not been given before. */
  private async copyAll(source: Readable): Promise<boolean> {
    const before = this.lines;
    const lines = new LogLines(before?.lastAt ?? null);
    this.lines = lines;
    let bytes = 0;
    let hadMore = false;
    const give = async (text: string) => {
      if (text === '') return;
      if (before && !hadMore) await this.notice('restarted', String(await this.nextRun()));
      hadMore = true;
      await this.write(text);
    };
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      await give(lines.push(chunk));
    }
    await give(lines.end());
    if (!this.isFollowing && bytes >= limitBytes) await this.notice('truncated', `${limitBytes / 1024 / 1024} MB`);
    return hadMore;
  }

  /** Number of the run that begins; the table may not have heard of it yet. */
  private async nextRun(): Promise<number> {
    const { restarts } = await this.find(this.container);
    this.run = Math.max(this.run + 1, restarts + 1);
    return this.run;
  }

  private async nothing(notice: Notice, detail: string): Promise<null> {
    await (notice === 'gone' ? this.keptOr(notice, detail) : this.notice(notice, detail));
    return null;
  }

  private notice(notice: Notice, detail: string): Promise<void> {
    return this.write(`${JSON.stringify({ notice, detail } satisfies LogLine)}\n`);
  }

  /** Waits while the reader is slow: then nothing more is read from the cluster either. */
  private async write(text: string): Promise<void> {
    if (text === '' || this.signal.aborted) return;
    this.wroteAtMs = Date.now();
    if (!this.output.write(text)) await once(this.output, 'drain', { signal: this.signal }).catch(() => undefined);
  }

  private get isFollowing(): boolean {
    return this.query.follow === 'true' && !this.isPrevious;
  }

  private get isPrevious(): boolean {
    return this.query.previous === 'true';
  }
}

/** `pulling 40 s`, with the cluster's words when it has any. */
function waitingText({ state, detail, createdAt }: ListedContainer): string {
  const seconds = Math.max(0, Math.round((Date.now() - createdAt.getTime()) / 1_000));
  return `${state} ${seconds} s${detail ? `: ${detail}` : ''}`;
}
