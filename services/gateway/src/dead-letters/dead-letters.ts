import type { DeadLetter } from '@berth/api';
import { serviceNames, type ServiceName } from '@berth/contracts';
import { z } from 'zod';

/** Key of a row among all services: newest first, then by service and number. */
export const LetterKey = z.tuple([z.iso.datetime(), z.enum(serviceNames), z.number().int()]);
export type LetterKey = z.infer<typeof LetterKey>;

export function keyOf({ lastSeenAt, owner, id }: DeadLetter): LetterKey {
  return [lastSeenAt, owner, id];
}

/** From where a service continues when the page before ended with `last`. */
export function continueOf(owner: ServiceName, last: LetterKey): { at: string; id: number } {
  const [at, lastOwner, lastId] = last;
  if (owner === lastOwner) return { at, id: lastId };
  // At the same time the services come one after another: all of those behind are still to come, none of those before.
  return { at, id: owner > lastOwner ? Number.MAX_SAFE_INTEGER : 0 };
}

/** The pages of all services as one. */
export function inOneOrder(pages: readonly (readonly DeadLetter[])[]): DeadLetter[] {
  return pages
    .flat()
    .sort((a, b) =>
      a.lastSeenAt !== b.lastSeenAt
        ? a.lastSeenAt < b.lastSeenAt
          ? 1
          : -1
        : a.owner !== b.owner
          ? a.owner < b.owner
            ? -1
            : 1
          : b.id - a.id,
    );
}
