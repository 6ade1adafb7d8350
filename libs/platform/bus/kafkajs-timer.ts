import { createRequire } from 'node:module';
import { z } from 'zod';

interface RequestQueue {
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
}

const checkMs = 10;

/**
 * kafkajs 2.2.4 sets a timer to a negative time whenever no broker throttles it, which Node ≥ 24 turns into 1 ms and
 * complains about. This sets the same timer to the time that was meant. Remove it with a kafkajs that has pull request 1755.
 */
export function mendRequestTimer(): void {
  const loaded: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');
  const { prototype } = z.custom<{ prototype: object }>((value) => typeof value === 'function').parse(loaded);
  Object.assign(prototype, {
    scheduleCheckPendingRequests(this: RequestQueue): void {
      const throttledMs = this.throttledUntil - Date.now();
      if (this.throttleCheckTimeoutId || (throttledMs <= 0 && this.pending.length === 0)) return;
      this.throttleCheckTimeoutId = setTimeout(
        () => {
          this.throttleCheckTimeoutId = null;
          this.checkPendingRequests();
        },
        throttledMs > 0 ? throttledMs : checkMs,
      );
    },
  });
}
