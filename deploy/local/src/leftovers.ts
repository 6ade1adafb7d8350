import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './config.js';
import { cgroupLeftovers } from './kubernetes/cgroup.js';
import { logLinks, mountsUnder, removeTraces } from './kubernetes/host.js';
import type { LocalCluster } from './kubernetes/cluster.js';
import { runDirOf, supervisorPaths } from './paths.js';
import { isAlive, readRecord } from './process.js';
import type { State } from './state.js';

/** What is still there and should not be once the platform is down: one sentence each. */
export function leftovers(settings: Settings, state: State, clusters: LocalCluster[]): string[] {
  const runtime = runDirOf(state.instance);
  return [
    ...liveRecords(settings).map((name) => `process ${name}`),
    ...[...mountsUnder(runtime), ...mountsUnder(settings.stateDir)]
      .filter((mount) => !isForeign(settings, mount))
      .map((mount) => `mount ${mount}`),
    ...clusters.flatMap(({ network, cgroup }) => [
      ...(existsSync(`/run/netns/${network.namespace}`) ? [`network namespace ${network.namespace}`] : []),
      ...(existsSync(`/sys/class/net/${network.hostLink}`) ? [`network link ${network.hostLink}`] : []),
      ...cgroupLeftovers(cgroup).map((dir) => `control group ${dir}`),
    ]),
    ...clusters.flatMap(logLinks).map((link) => `link ${link}`),
    ...routes(state).map((route) => `route ${route}`),
  ];
}

/** Another platform may keep its state below this one's; its mounts are its own. */
function isForeign(settings: Settings, mount: string): boolean {
  const below = mount.slice(settings.stateDir.length + 1).split('/')[0] ?? '';
  return mount.startsWith(`${settings.stateDir}/`) && existsSync(join(settings.stateDir, below, 'state.json'));
}

function liveRecords(settings: Settings): string[] {
  const dir = supervisorPaths(settings).records;
  return (existsSync(dir) ? readdirSync(dir) : []).filter((name) => {
    const record = readRecord(join(dir, name));
    return record !== undefined && isAlive(record);
  });
}

/** Routes of the kernel's main table into 10.N.0.0/16; addresses there are little-endian hexadecimal. */
function routes(state: State): string[] {
  if (state.octet === undefined) return [];
  const prefix = state.octet.toString(16).toUpperCase().padStart(2, '0') + '0A';
  return readFileSync('/proc/net/route', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(prefix))
    .map((fields) => `${fields[1] ?? ''} on ${fields[0] ?? ''}`);
}

/** The net below `down`: when the supervisor was killed, nobody has undone what its units had made. */
export async function removeLeftovers(clusters: LocalCluster[]): Promise<void> {
  for (const cluster of clusters) await removeTraces(cluster);
}
