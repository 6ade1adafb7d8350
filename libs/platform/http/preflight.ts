import type { Route } from '@berth/api';
import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { routeMetadata } from './route-metadata.js';
import { Serves } from './serves.js';

/**
 * Makes the method answer the preflight of a command: it gets the parsed request, gives the complete data of the command
 * and throws `refuse(…)` for what can be refused before acceptance. The answer is `{ data }`, checked by the command's
 * schema: data that the command's own stream would not take is a fault here and not a dead letter later.
 */
export function Preflight(route: Route): MethodDecorator {
  if (!route.command) throw new TypeError(`${route.id} is not a command, so it has no preflight`);
  return applyDecorators(Serves(route), UseInterceptors(PreflightAnswering)) as MethodDecorator;
}

@Injectable()
class PreflightAnswering implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<{ data: unknown }> {
    const { command } = this.reflector.get<Route>(routeMetadata, context.getHandler());
    return next.handle().pipe(map((data: unknown) => ({ data: command?.row.schema.parse(data) })));
  }
}
