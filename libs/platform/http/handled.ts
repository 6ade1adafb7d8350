import type { ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../identity/index.js';

/** What the guard found out about a request, for the parameter decorators. */
export interface Handled {
  readonly identity: Identity | null;
  readonly input: unknown;
}

const handled = new WeakMap<FastifyRequest, Handled>();

export function remember(request: FastifyRequest, found: Handled): void {
  handled.set(request, found);
}

export function handledOf(context: ExecutionContext): Handled {
  const found = handled.get(requestOf(context));
  if (!found) throw new TypeError('only methods with @Serves have an input and a caller');
  return found;
}

export function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

export function replyOf(context: ExecutionContext): FastifyReply {
  return context.switchToHttp().getResponse<FastifyReply>();
}
