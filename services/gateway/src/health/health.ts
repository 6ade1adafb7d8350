import { routeTable, type PlatformHealth } from '@berth/api';

/** Operations of one kind of which nothing was heard in time, as the table has them. */
export interface Unheard {
  readonly kind: string;
  readonly waiting: number;
  readonly delayMs: number;
}

const owners = new Map(
  routeTable.flatMap(({ command, owner }) => (command ? [[command.operation as string, owner] as const] : [])),
);

/** By who should have answered, the longest silence first. */
export function unansweredOf(rows: readonly Unheard[]): PlatformHealth['unanswered'] {
  const found = new Map<string, PlatformHealth['unanswered'][number]>();
  for (const { kind, waiting, delayMs } of rows) {
    const owner = owners.get(kind);
    if (!owner) continue;
    const before = found.get(owner) ?? { owner, waiting: 0, delayMs: 0 };
    found.set(owner, {
      owner,
      waiting: before.waiting + waiting,
      delayMs: Math.max(before.delayMs, Math.max(0, Math.round(delayMs))),
    });
  }
  return [...found.values()].sort((a, b) => b.delayMs - a.delayMs);
}
