import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { engineNames, type Settings } from './config.js';
import { supervisorPaths } from './paths.js';
import { isAlive, readRecord } from './process.js';
import { readJson } from './state.js';

const unitStatusSchema = z.object({
  name: z.string(),
  title: z.string(),
  group: z.enum(['prepare', 'engine', 'cluster', 'service', 'sample']),
  gates: z.boolean(),
  state: z.enum(['waiting', 'starting', 'ready', 'failing', 'stopping', 'stopped']),
  detail: z.string(),
  since: z.string(),
  tookMs: z.number().optional(),
  attempts: z.number(),
  pid: z.number().optional(),
});

/** What the supervisor writes whenever something changes. */
export const boardSchema = z.object({
  /** Which `up` it answers; a higher number than the last one means that this one was heard. */
  heard: z.number(),
  /** Hash of the supervisor's own code: an `up` with newer code replaces it. */
  code: z.string(),
  addresses: z.object({
    url: z.string().nullable(),
    adminUser: z.string(),
    adminPasswordFile: z.string(),
    engines: z.record(z.string(), z.string()),
    services: z.record(z.string(), z.string()),
    clusters: z.array(z.object({ name: z.string(), kubeconfig: z.string(), platformKubeconfig: z.string() })),
  }),
  units: z.array(unitStatusSchema),
});
export type Board = z.infer<typeof boardSchema>;
type UnitView = Board['units'][number];

/** What `status --json` prints. */
export interface PlatformStatus {
  healthy: boolean;
  url: string | null;
  adminUser: string;
  /** Null once the first password is changed: the file is gone then. */
  adminPasswordFile: string | null;
  engines: { name: string; ready: boolean; address: string; detail: string }[];
  services: { name: string; service: string; ready: boolean; url: string; pid: number | null; detail: string }[];
  clusters: { name: string; kubeconfig: string; platformKubeconfig: string; ready: boolean; detail: string }[];
  supervisor: { running: boolean; pid: number | null };
  units: UnitView[];
}

/** Hash of this package's built code. */
export function codeVersion(): string {
  const hash = createHash('sha256');
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 16);
}

export function readBoard(settings: Settings): Board | undefined {
  try {
    return readJson(supervisorPaths(settings).status, boardSchema);
  } catch {
    // Written by an older supervisor in another shape; the next one writes it anew.
    return undefined;
  }
}

/** Is the supervisor of this state directory alive? */
export function supervisorPid(settings: Settings): number | undefined {
  const record = readRecord(supervisorPaths(settings).lock);
  return record && isAlive(record) ? record.pid : undefined;
}

export function readStatus(settings: Settings): PlatformStatus {
  return describeStatus(readBoard(settings), supervisorPid(settings), isThere);
}

/** False only for a file that is certainly gone; one that the caller may not see is there. */
function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

/** The board of a supervisor that is gone says nothing any more. `fileIsThere`: whether a file that it names is there. */
export function describeStatus(
  board: Board | undefined,
  pid: number | undefined,
  fileIsThere: (path: string) => boolean,
): PlatformStatus {
  const units = pid === undefined ? [] : (board?.units ?? []);
  const { addresses } = board ?? { addresses: undefined };
  const unit = (name: string) => units.find((one) => one.name === name);
  const passwordFile = addresses?.adminPasswordFile;
  const isReady = (one: UnitView | undefined) => one?.state === 'ready';
  const engines = engineNames.flatMap((name) => {
    const address = addresses?.engines[name];
    if (address === undefined) return [];
    // An engine without a unit is a real one that was given; its owner watches it.
    const isGiven = !units.some((one) => one.name === name) && units.length > 0;
    return [{ name, address, ready: isGiven || isReady(unit(name)), detail: unit(name)?.detail ?? '' }];
  });
  const services = units
    .filter((one) => one.group === 'service')
    .map((one) => ({
      name: one.name,
      service: one.name.replace(/-\d+$/, ''),
      ready: isReady(one),
      url: addresses?.services[one.name] ?? '',
      pid: one.pid ?? null,
      detail: one.detail,
    }));
  const clusters = (addresses?.clusters ?? []).map((cluster) => {
    const own = units.filter((one) => one.name.startsWith(`${cluster.name}.`));
    const bad = own.find((one) => !isReady(one));
    return {
      ...cluster,
      ready: units.length > 0 && bad === undefined,
      detail: bad ? `${bad.title}: ${bad.detail || bad.state}` : '',
    };
  });
  return {
    healthy: units.length > 0 && units.every((one) => !one.gates || isReady(one)),
    url: services.some((service) => service.service === 'gateway') ? (addresses?.url ?? null) : null,
    adminUser: addresses?.adminUser ?? 'admin',
    adminPasswordFile: passwordFile !== undefined && fileIsThere(passwordFile) ? passwordFile : null,
    engines,
    services,
    clusters,
    supervisor: { running: pid !== undefined, pid: pid ?? null },
    units,
  };
}
