import { permissions } from '@berth/api';
import { Actor, serviceNames } from '@berth/contracts';
import { z } from 'zod';

/** Header in which the gateway passes the signed identity to the owner of a route. */
export const identityHeader = 'berth-identity';

const scopeEntry = z.string().regex(/^[a-z][a-z0-9-]{1,30}\/[a-z]+$/);

/** Who asks, signed by the gateway for one service and at most 60 seconds. It carries rights, not bindings. */
export const Identity = z.object({
  userId: z.string().min(1).max(100),
  userName: z.string().min(1).max(100),
  sessionId: z.string().min(1).max(100),
  /** The one service that may accept it. */
  audience: z.enum(serviceNames),
  /** Where the permissions hold: everywhere, or in these `<project>/<environment>` entries. */
  scopes: z.union([z.literal('all'), z.array(scopeEntry).max(5_000)]),
  permissions: z.array(z.enum(permissions)),
  channel: Actor.shape.channel,
  /** Of a machine that pushes: the only source for which it may. */
  source: z.string().min(1).max(60).optional(),
  expiresAt: z.date(),
});
export type Identity = z.infer<typeof Identity>;

/**
 * True when the identity reaches the scope. Without an environment the project counts as reached when any environment of
 * it is: its lists show the part the caller may see.
 */
export function covers(
  identity: Pick<Identity, 'scopes'>,
  scope: { readonly project: string; readonly environment?: string },
): boolean {
  const { scopes } = identity;
  if (scopes === 'all') return true;
  return scope.environment === undefined
    ? scopes.some((entry) => entry.startsWith(`${scope.project}/`))
    : scopes.includes(`${scope.project}/${scope.environment}`);
}
