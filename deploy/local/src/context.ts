import { join } from 'node:path';
import type { Settings } from './config.js';
import { runDirOf } from './paths.js';
import { portsOf, type Desired, type Ports, type Secrets, type State } from './state.js';
import type { User } from './unit.js';

/** Everything that the definitions of units are made from. */
export interface Context {
  settings: Settings;
  state: State;
  secrets: Secrets;
  desired: Desired;
  ports: Ports;
  /** Who runs engines and services; undefined = whoever runs the supervisor. */
  user: User | undefined;
  /** A path under the state directory. */
  path(...parts: string[]): string;
  /** A path under the directory for sockets and runtime state. */
  runtime(...parts: string[]): string;
  /** The name under which clusters and the platform know the registry. */
  registryName: string;
}

export function makeContext(parts: Pick<Context, 'settings' | 'state' | 'secrets' | 'desired' | 'user'>): Context {
  const ports = portsOf(parts.state);
  return {
    ...parts,
    ports,
    path: (...names) => join(parts.settings.stateDir, ...names),
    runtime: (...names) => join(runDirOf(parts.state.instance), ...names),
    registryName: `registry.berth.local:${ports.engine.registry}`,
  };
}
