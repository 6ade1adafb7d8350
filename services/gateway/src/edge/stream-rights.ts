import type { Logger } from '@berth/platform/log';
import type { Readable } from 'node:stream';

/** How old the rights may be with which an answer goes on; the feed's hints are judged by the same. */
const lookEveryMs = 1_000;
/** For this long an answer goes on when nobody can say whether its caller may still have it. */
const unknownForMs = 10_000;

/**
 * Cuts an answer off once its caller may no longer have it: whoever logged out, was shut out or lost the role must not read
 * on what was opened before. Cut off, not ended, so that nobody takes what came for the whole.
 */
export function cutOffWhenLost(stream: Readable, stillMay: () => Promise<boolean>, log: Logger): void {
  let knownAtMs = performance.now();
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      if (!(await stillMay())) stream.destroy(new RightLost());
      knownAtMs = performance.now();
    } catch (error) {
      log.warn('The rights of an open answer could not be read', { err: error });
      if (performance.now() - knownAtMs > unknownForMs) stream.destroy(new RightLost());
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  stream.once('close', () => clearInterval(timer));
}

class RightLost extends Error {
  override readonly name = 'RightLost';
  constructor() {
    super('the caller may no longer have this answer');
  }
}
