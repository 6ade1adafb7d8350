import type { Actor } from '@berth/contracts';
import type { Identity } from '@berth/platform/identity';

/** Who asks, as records name them. */
export function actorOf({ userId, userName, channel }: Identity): Actor {
  return { id: userId, name: userName, channel };
}
