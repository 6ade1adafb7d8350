import { pathTo, preflightPath, routeTable, type Route } from '@berth/api';
import type { ServiceName } from '@berth/contracts';

/** A request as the gateway would send it. */
export interface ScopedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly payload?: object;
}

/** Routes of an owner whose answers depend on where the caller may look: by their address, or by the scopes alone. */
export function scopedRoutes(owner: ServiceName): { readonly url: Route[]; readonly set: Route[] } {
  const own = routeTable.filter((route) => route.owner === owner);
  return { url: own.filter(({ scope }) => scope === 'url'), set: own.filter(({ scope }) => scope === 'set') };
}

/** A request for the route at a place, with made-up values for every other parameter and an empty body. */
export function requestFor(
  route: Route,
  place: { readonly project: string; readonly environment: string },
): ScopedRequest {
  const values: Readonly<Record<string, string>> = { ...place, service: 'cart', name: 'key', cluster: 'beijing' };
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const params = Object.fromEntries(names.map((name) => [name, values[name] ?? 'x']));
  if (route.kind === 'command')
    return { method: 'POST', url: preflightPath(route), payload: { params, query: {}, body: {}, ifVersion: 1 } };
  const hasBody = route.method === 'POST' || route.method === 'PUT';
  return { method: route.method, url: pathTo(route, params), ...(hasBody && { payload: {} }) };
}
