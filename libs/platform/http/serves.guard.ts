import type { Route } from '@berth/api';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { refuse } from '../errors/index.js';
import { covers, IdentityVerifier, type Identity } from '../identity/index.js';
import { Logger } from '../log/index.js';
import { Authenticator, SignedIdentityAuthenticator } from './authenticator.js';
import { remember, replyOf, requestOf } from './handled.js';
import { parseInput } from './parse-input.js';
import { routeMetadata } from './route-metadata.js';

/** Lets a request through to its method when the caller may do it, with the parsed input. */
@Injectable()
export class ServesGuard implements CanActivate {
  private authenticator: Authenticator | undefined;

  constructor(
    private readonly reflector: Reflector,
    private readonly modules: ModuleRef,
    private readonly verifier: IdentityVerifier,
    private readonly log: Logger,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = this.reflector.get<Route>(routeMetadata, context.getHandler());
    const request = requestOf(context);
    const identity = route.permission === 'public' ? null : await this.findAuthenticator().authenticate(request, route);
    if (identity) checkPermission(identity, route);
    if (identity && route.scope === 'url') checkScope(identity, route, rawParams(route, request));
    const input = parseInput(route, request);
    remember(request, { identity, input });
    if (route.streams) prepareStream(context, route.streams);
    return true;
  }

  private findAuthenticator(): Authenticator {
    return (this.authenticator ??= this.ofTheService() ?? new SignedIdentityAuthenticator(this.verifier, this.log));
  }

  private ofTheService(): Authenticator | undefined {
    try {
      return this.modules.get(Authenticator, { strict: false });
    } catch {
      return undefined;
    }
  }
}

function checkPermission(identity: Identity, { permission }: Route): void {
  if (permission === 'session' || permission === 'public' || identity.permissions.includes(permission)) return;
  throw refuse('forbidden', { permission, scope: '-', roles: '-' });
}

/** Parameters of the address; a preflight has those of its command in the body. */
function rawParams({ kind }: Route, { params, body }: Pick<FastifyRequest, 'params' | 'body'>): unknown {
  return kind === 'command' ? (body as { params?: unknown } | null | undefined)?.params : params;
}

/** Before the rest is read: what is wrong with a request is told only to those whom its place concerns. */
function checkScope(identity: Identity, { permission, params: schema }: Route, raw: unknown): void {
  const parsed = schema.safeParse(raw);
  // What is no address of a place is refused as such in a moment.
  if (!parsed.success) return;
  const params = parsed.data;
  const { project, environment } = params as { project?: string; environment?: string };
  const covered = project !== undefined && covers(identity, { project, ...(environment && { environment }) });
  if (covered) return;
  throw refuse('forbidden', { permission, scope: [project, environment].filter(Boolean).join('/'), roles: '-' });
}

function prepareStream(context: ExecutionContext, type: string): void {
  const reply = replyOf(context);
  void reply.header('content-type', type).header('cache-control', 'no-store').header('x-accel-buffering', 'no');
}
