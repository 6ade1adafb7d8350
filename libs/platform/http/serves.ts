import { preflightPath, type InputOf, type Route } from '@berth/api';
import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  type ExecutionContext,
} from '@nestjs/common';
import type { Identity } from '../identity/index.js';
import { EtagAnswering } from './etag.js';
import { handledOf } from './handled.js';
import { ServesGuard } from './serves.guard.js';
import { routeMetadata } from './route-metadata.js';

/** What `@Input()` gives: the parsed parts of the request. `ifVersion` is set only for the preflight of a command. */
export type ServedInput<R extends Route> = InputOf<R> & { readonly ifVersion?: number | null };

/**
 * Makes the method answer a row of the route table. Before it runs, the caller's identity is verified (audience, right,
 * scope of the address) and params, query and body are parsed by the row's schemas; unknown fields are refused. Errors
 * become `application/problem+json`. The owner of a command answers its preflight this way. For a row that `streams`, the
 * method returns a Node Readable.
 */
export function Serves(route: Route): MethodDecorator {
  const isPreflight = route.kind === 'command';
  return applyDecorators(
    SetMetadata(routeMetadata, route),
    RequestMapping({
      path: isPreflight ? preflightPath(route) : route.path,
      method: RequestMethod[isPreflight ? 'POST' : route.method],
    }),
    HttpCode(200),
    UseGuards(ServesGuard),
    UseInterceptors(EtagAnswering),
  ) as MethodDecorator;
}

/** The parsed request: `@Input() input: ServedInput<typeof routes.getService>`. */
export const Input: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => handledOf(context).input,
);

/** Who asks: `@Caller() caller: Identity`. Not for public routes, which have no caller. */
export const Caller: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): Identity => {
    const { identity } = handledOf(context);
    if (!identity) throw new TypeError('a public route has no caller');
    return identity;
  },
);
