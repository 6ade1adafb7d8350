import { routeTable, type Route } from '@berth/api';
import type { ServiceName } from '@berth/contracts';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { routeMetadata } from './route-metadata.js';

/** A method with `@Serves`. */
export interface ServedRoute {
  readonly route: Route;
  readonly method: string;
}

/** All methods with `@Serves` in the application. */
export function servedRoutes(app: INestApplicationContext): ServedRoute[] {
  const scanner = new MetadataScanner();
  const reflector = app.get(Reflector);
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ instance, name }: { instance: unknown; name: string }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return scanner.getAllMethodNames(prototype).flatMap((method) => {
        const route = reflector.get<Route | undefined>(routeMetadata, prototype[method] as () => unknown);
        return route ? [{ route, method: `${String(name)}.${method}` }] : [];
      });
    });
}

/**
 * Every row of the table that this service owns must be answered by exactly one method, and no row of another service.
 * @throws TypeError that names what is wrong, so that a service with a hole in its API does not start.
 */
export function checkRoutesServed(
  service: ServiceName,
  served: readonly ServedRoute[],
  table: readonly Route[] = routeTable,
): void {
  const wanted = table.filter(
    (route) => route.owner === service && (route.kind !== 'command' || route.command?.preflight),
  );
  const problems = [
    ...wanted.flatMap((route) => {
      const by = served.filter((one) => one.route.id === route.id);
      if (by.length === 1) return [];
      if (by.length === 0) return [`${route.id} is not served`];
      return [`${route.id} is served twice: ${by.map(({ method }) => method).join(', ')}`];
    }),
    ...served
      .filter(({ route }) => route.owner !== service)
      .map(({ route, method }) => `${method} serves ${route.id}, which belongs to ${route.owner}`),
  ];
  if (problems.length > 0) throw new TypeError(`the routes of ${service}: ${problems.join('; ')}`);
}
