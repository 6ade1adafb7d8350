import type { Permission, Route } from '@berth/api';
import { identityHeader, type IdentitySigner } from '@berth/platform/identity';
import { currentContext } from '@berth/platform/log';
import type { Caller } from '../rights/caller.js';
import type { Scopes } from '../rights/rights.js';

/** Signs who asks, for the owner of one route, with nothing but that route's permission. */
export class Identities {
  constructor(private readonly signer: IdentitySigner) {}

  /** Headers that go with a request to the owner. */
  async headers(
    route: Pick<Route, 'owner' | 'permission'>,
    caller: Caller,
    scopes: Scopes,
  ): Promise<Record<string, string>> {
    const token = await this.signer.sign({
      userId: caller.userId,
      userName: caller.userName,
      sessionId: caller.sessionId,
      audience: route.owner,
      scopes,
      permissions: [route.permission as Permission],
      channel: caller.channel,
      ...(caller.source !== undefined && { source: caller.source }),
    });
    const context = currentContext();
    return {
      [identityHeader]: token,
      ...(context && { 'x-correlation-id': context.correlationId }),
      ...(context?.traceparent && { traceparent: context.traceparent }),
    };
  }
}
