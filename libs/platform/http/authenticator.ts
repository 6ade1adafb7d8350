import type { Route } from '@berth/api';
import type { FastifyRequest } from 'fastify';
import { messageOf, refuse } from '../errors/index.js';
import { identityHeader, type Identity, type IdentityVerifier } from '../identity/index.js';
import type { Logger } from '../log/index.js';

/**
 * Finds out who asks. Services take the identity that the gateway signed; the gateway itself provides another
 * `Authenticator` in one of its modules, for sessions and tokens.
 */
export abstract class Authenticator {
  /** @throws ProblemError not_logged_in, or another refusal */
  abstract authenticate(request: FastifyRequest, route: Route): Promise<Identity>;
}

/** Trusts the signed identity and nothing else. Why a token was refused is logged, not told. */
export class SignedIdentityAuthenticator extends Authenticator {
  constructor(
    private readonly verifier: IdentityVerifier,
    private readonly log: Logger,
  ) {
    super();
  }

  async authenticate(request: FastifyRequest, route: Route): Promise<Identity> {
    const token = request.headers[identityHeader];
    if (typeof token !== 'string' || token === '') throw refuse('not_logged_in');
    return this.verifier.verify(token).catch((error: unknown) => {
      this.log.warn('An identity was refused', { route: route.id, reason: messageOf(error) });
      throw refuse('not_logged_in');
    });
  }
}
