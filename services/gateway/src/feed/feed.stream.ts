import { Readable } from 'node:stream';
import { hintEvent, standEvent, type StoredHint } from './feed.js';

/** Holds the longest replay; what a slow reader may cost in memory. */
const bufferBytes = 1_048_576;

/**
 * Text of one reader's event stream. When the reader is slow and the buffer is full, hints are dropped instead of kept,
 * and the reader gets `reset` once it reads again.
 */
export class FeedStream extends Readable {
  private isFull = false;
  private missed = false;
  private last = 0;
  private hasEnded = false;

  constructor() {
    super({ highWaterMark: bufferBytes, encoding: 'utf8' });
  }

  /** Tells the reader where it stands. */
  stand(name: 'ready' | 'reset', seq: number): void {
    this.last = seq;
    this.write(standEvent(name, seq));
  }

  /** Sends the hints the reader may see; `upTo` is how far the feed has come with them. */
  hints(visible: readonly StoredHint[], upTo: number): void {
    this.last = upTo;
    if (visible.length === 0) return;
    if (this.isFull) this.missed = true;
    else this.write(visible.map(hintEvent).join(''));
  }

  /** A comment that keeps proxies from closing the connection. */
  ping(): void {
    if (!this.isFull) this.write(': ping\n\n');
  }

  /** The last word; what comes after it is dropped. */
  finish(): void {
    if (this.destroyed || this.hasEnded) return;
    this.hasEnded = true;
    this.push(null);
  }

  override _read(): void {
    this.isFull = false;
    if (!this.missed) return;
    this.missed = false;
    this.write(standEvent('reset', this.last));
  }

  private write(text: string): void {
    if (this.destroyed || this.hasEnded) return;
    this.isFull = !this.push(text);
  }
}
