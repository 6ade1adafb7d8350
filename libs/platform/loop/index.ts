import { metrics } from '../metrics/index.js';
import type { Logger } from '../log/index.js';

export interface LoopOptions {
  readonly name: string;
  /** The poll that is the net under lost wake-ups. */
  readonly everyMs: number;
  /** One round. Its signal is aborted by `stop`. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
  /** Longest pause after failures; 30 s unless given, or `everyMs` when that is longer. */
  readonly maxBackoffMs?: number;
}

/**
 * Work that is done when somebody wakes it and every `everyMs` anyway. Rounds never overlap; wake-ups during a round
 * give exactly one more round. A failed round is logged and tried again after 1, 2, 4 … s (or times `everyMs`, when that is
 * shorter), up to `maxBackoffMs`; wake-ups do not shorten that pause, or a broken dependency would be hammered.
 */
export class WakeableLoop {
  private readonly rounds = metrics.counter('berth_loop_rounds_total', 'Rounds of loops', ['loop', 'result']);
  private controller: AbortController | undefined;
  private finished: Promise<void> = Promise.resolve();
  private woken = false;
  private rouse: (() => void) | undefined;
  private failures = 0;

  constructor(private readonly options: LoopOptions) {}

  /** Starts with a round at once. Starting a running loop does nothing. */
  start(): void {
    if (this.controller) return;
    this.controller = new AbortController();
    this.finished = this.keepRunning(this.controller.signal);
  }

  /** Asks for a round soon; cheap, any number of times. */
  wake(): void {
    this.woken = true;
    if (this.failures === 0) this.rouse?.();
  }

  /** Aborts the round at hand and resolves when it has ended. */
  async stop(): Promise<void> {
    this.controller?.abort();
    this.rouse?.();
    await this.finished;
    this.controller = undefined;
  }

  private async keepRunning(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.woken = false;
      await this.round(signal);
      if (!signal.aborted && (!this.woken || this.failures > 0)) await this.pause();
    }
  }

  private async round(signal: AbortSignal): Promise<void> {
    const { name, run, log } = this.options;
    try {
      await run(signal);
      this.failures = 0;
      this.rounds.inc({ loop: name, result: 'ok' });
    } catch (error) {
      if (signal.aborted) return;
      this.failures += 1;
      this.rounds.inc({ loop: name, result: 'failed' });
      log.warn('A round of a loop failed; it will be tried again', { loop: name, failures: this.failures, err: error });
    }
  }

  private async pause(): Promise<void> {
    const { everyMs } = this.options;
    const pauseMs = this.failures === 0 ? everyMs : this.backoffMs();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.rouse = resolve;
      timer = setTimeout(resolve, pauseMs);
    });
    clearTimeout(timer);
    this.rouse = undefined;
  }

  private backoffMs(): number {
    const { everyMs, maxBackoffMs = Math.max(30_000, everyMs) } = this.options;
    return Math.min(maxBackoffMs, Math.min(everyMs, 1_000) * 2 ** Math.min(this.failures - 1, 20));
  }
}
