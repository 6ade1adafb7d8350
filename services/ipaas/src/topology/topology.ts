import type { Topology } from '@berth/api';
import type { PlacedContainer } from './topology.store.pg.js';

/** Says each service once, in the order of the rows, and each container with its place among them. */
export function topologyOf(rows: readonly PlacedContainer[], now: Date): Topology {
  const places = new Map<string, number>();
  const services: Topology['services'] = [];
  const containers = rows.map(({ project, environment, code, serviceName, ...container }) => {
    const key = `${project}/${environment}/${code}`;
    const place = places.get(key) ?? services.push({ project, environment, code, name: serviceName }) - 1;
    places.set(key, place);
    return { ...container, service: place };
  });
  return { services, containers, dataAsOf: now.toISOString() };
}
