import type { Admin } from 'kafkajs';
import type { Logger } from '../log/index.js';
import { WakeableLoop } from '../loop/index.js';
import { createKafka, type KafkaOptions } from './kafka.js';
import { judgeProgress, stuckAfterMs, type Progress } from './progress.js';
import { UnmovedPartitions } from './unmoved.js';

export interface WatchdogOptions {
  readonly kafka: KafkaOptions;
  readonly groupId: string;
  readonly log: Logger;
  /** Ends the process; called when the consumer has not moved for 60 s although records wait. */
  readonly onDead: () => void;
}

/** Watches that the consumer moves while records wait. */
export class ConsumerWatchdog {
  private readonly loop: WakeableLoop;
  private readonly admin: Admin;
  private readonly unmoved = new UnmovedPartitions();
  private assignment: ReadonlyMap<string, readonly number[]> = new Map();
  private lastFetchMs = performance.now();
  private progress: Progress = 'moving';
  private hasJoined = false;
  private connected = false;

  constructor(private readonly options: WatchdogOptions) {
    this.admin = createKafka(options.kafka, 0, 4_000).admin();
    this.loop = new WakeableLoop({ name: 'bus-watchdog', everyMs: 5_000, log: options.log, run: () => this.check() });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    if (this.connected) await this.admin.disconnect().catch(() => undefined);
  }

  /** The consumer has joined its group and moves. A broker that is away does not count against it. */
  isHealthy(): boolean {
    return this.hasJoined && this.progress === 'moving';
  }

  /** Partitions by stream, without the prefix of the topics. */
  joined(assignment: Readonly<Record<string, number[]>>): void {
    this.assignment = new Map(Object.entries(assignment));
    this.hasJoined = true;
    const prefix = this.options.kafka.prefix ?? '';
    const ours = new Set(
      Object.entries(assignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => `${topic.slice(prefix.length)}/${partition}`),
      ),
    );
    this.unmoved.assigned((partition) => ours.has(partition), performance.now());
    this.fetched();
  }

  fetched(): void {
    this.lastFetchMs = performance.now();
  }

  /** Work on the records of a partition from this offset on begins. */
  taken(partition: string, offset: number): void {
    this.unmoved.taken(partition, offset, performance.now());
  }

  /** The partition waits for what is not the consumer's fault: its database. */
  excused(partition: string): void {
    this.unmoved.excused(partition, performance.now());
  }

  /** The offset of a partition has moved. */
  committed(partition: string): void {
    this.unmoved.committed(partition);
    this.fetched();
  }

  private async check(): Promise<void> {
    const before = this.progress;
    const lag = await this.lagIfSilent();
    this.progress = judgeProgress({
      assigned: this.assignment.size > 0,
      lastFetchMs: this.lastFetchMs,
      unmovedSinceMs: this.unmoved.oldestSinceMs(),
      lag,
      nowMs: performance.now(),
    });
    const { log, onDead } = this.options;
    if (this.progress === 'dead') {
      log.error('The consumer does not move although messages wait; this process ends');
      onDead();
    } else if (this.progress !== before) {
      log.warn(this.progress === 'stuck' ? 'The consumer does not move' : 'The consumer moves again');
    }
  }

  /** Asks the brokers only when the consumer has fetched nothing, or moved nothing, for long. */
  private async lagIfSilent(): Promise<boolean | null> {
    const standsSinceMs = Math.min(this.lastFetchMs, this.unmoved.oldestSinceMs() ?? Infinity);
    if (performance.now() - standsSinceMs < stuckAfterMs) return null;
    try {
      if (!this.connected) await this.admin.connect();
      this.connected = true;
      return await this.hasLag();
    } catch {
      // The brokers are away, so silence is right; it counts anew from their return.
      this.fetched();
      this.unmoved.allExcused(performance.now());
      return null;
    }
  }

  private async hasLag(): Promise<boolean> {
    const topics = [...this.assignment.keys()];
    const committed = await this.admin.fetchOffsets({ groupId: this.options.groupId, topics });
    for (const { topic, partitions } of committed) {
      const mine = new Set(this.assignment.get(topic));
      const ends = new Map((await this.admin.fetchTopicOffsets(topic)).map((end) => [end.partition, end]));
      for (const { partition, offset } of partitions) {
        const end = ends.get(partition);
        if (mine.has(partition) && end && Number(end.high) > Math.max(Number(offset), Number(end.low))) return true;
      }
    }
    return false;
  }
}
