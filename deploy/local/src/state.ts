import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import {
  clusterRanges,
  isRangeFree,
  portBlock,
  portCandidates,
  rangeCandidates,
  type ClusterRanges,
} from './choose.js';
import { engineNames, instanceId, type EngineName, type Settings } from './config.js';
import { usedRanges } from './network.js';
import { runDirOf } from './paths.js';
import { sampleLevels } from './sample/company.js';

/** The services of Berth, in the order in which they take ports. Databases and Kafka principals follow these names. */
export const serviceNames = ['gateway', 'ipaas', 'cluster-mgr', 'dolphinsync', 'codeflow', 'nginx-mgr'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The two local clusters, and one to try joining with. */
export const clusterNames = ['beijing', 'shanghai', 'guangzhou'] as const;
export type ClusterName = (typeof clusterNames)[number];
export const spareCluster: ClusterName = 'guangzhou';

/** Most copies of one service on one machine; each service has this many ports. */
export const maxCopies = 10;

const desiredSchema = z.object({
  /** Only these units and what they need; everything when absent. */
  only: z.array(z.string()).optional(),
  services: z.boolean().default(true),
  sample: z.enum(sampleLevels).catch('full'),
  copies: z.number().int().min(1).max(maxCopies).default(1),
  /** Whether the third cluster runs, which is not joined. */
  spare: z.boolean().default(false),
});
/** What `up` was asked for. */
export type Desired = z.infer<typeof desiredSchema>;

const givenSchema = z.object({
  external: z.partialRecord(z.enum(engineNames), z.string()),
  kafkaLogin: z.object({ username: z.string(), password: z.string(), mechanism: z.string() }).optional(),
  kubeconfigs: z.array(z.string()),
  kubeBinary: z.string().optional(),
});

const stateSchema = z.object({
  instance: z.string(),
  installation: z.string(),
  portBase: z.number().int(),
  /** N of 10.N.0.0/16; absent when this user can make no networks. */
  octet: z.number().int().optional(),
});
export type State = z.infer<typeof stateSchema>;

const secretsSchema = z.object({
  postgresAdmin: z.string(),
  databases: z.record(z.string(), z.string()),
  kafka: z.record(z.string(), z.string()),
  redis: z.string(),
  registry: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** Kafka principals beside the services: one that may do everything, one that reads `public.*` from outside. */
export const kafkaExtraUsers = ['admin', 'reader'] as const;

const enginePort: Record<EngineName, number> = { postgres: 0, redis: 1, kafka: 2, registry: 4, prometheus: 5 };

export interface Ports {
  engine: Record<EngineName, number>;
  kafkaController: number;
  /** Copy numbers begin at 1. */
  service(name: ServiceName, copy: number): number;
}

export function portsOf(state: State): Ports {
  const engine = Object.fromEntries(engineNames.map((name) => [name, state.portBase + enginePort[name]]));
  return {
    engine: engine as Record<EngineName, number>,
    kafkaController: state.portBase + 3,
    service: (name, copy) => state.portBase + 10 + serviceNames.indexOf(name) * maxCopies + (copy - 1),
  };
}

export function rangesOf(state: State, cluster: ClusterName): ClusterRanges {
  if (state.octet === undefined) throw new Error('no address range was chosen: clusters need root');
  return clusterRanges(state.octet, clusterNames.indexOf(cluster));
}

/** Reads the choice of names, ports and ranges, or makes and keeps it. */
export async function ensureState(settings: Settings): Promise<State> {
  mkdirSync(settings.stateDir, { recursive: true, mode: 0o755 });
  const known = readState(settings);
  if (known) return known;
  const instance = instanceId(settings.stateDir);
  const state: State = {
    instance,
    installation: randomBytes(6).toString('hex'),
    portBase: await freePortBlock(instance, settings.stateDir),
    ...(process.getuid?.() === 0 ? { octet: await freeRange(instance, settings.stateDir) } : {}),
  };
  writeJson(join(settings.stateDir, 'state.json'), state, 0o644);
  return state;
}

export function readState(settings: Settings): State | undefined {
  return readJson(join(settings.stateDir, 'state.json'), stateSchema);
}

export function readDesired(settings: Settings): Desired {
  return readJson(join(settings.stateDir, 'desired.json'), desiredSchema) ?? desiredSchema.parse({});
}

export function writeDesired(settings: Settings, desired: Desired): void {
  writeJson(join(settings.stateDir, 'desired.json'), desired, 0o644);
}

/** Keeps what the environment of `up` gave; it may hold passwords of real engines. */
export function writeGiven(settings: Settings): void {
  writeJson(join(settings.stateDir, 'given.json'), givenSchema.parse(settings), 0o600);
}

/** The settings with what the last `up` was given in place of this process's own environment. */
export function withGiven(settings: Settings): Settings {
  const given = readJson(join(settings.stateDir, 'given.json'), givenSchema);
  return given ? { ...settings, ...given, kafkaLogin: given.kafkaLogin, kubeBinary: given.kubeBinary } : settings;
}

export function ensureSecrets(settings: Settings): Secrets {
  const file = join(settings.stateDir, 'secrets.json');
  const known = readJson(file, secretsSchema);
  if (known) return known;
  const password = () => randomBytes(18).toString('base64url');
  const each = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, password()]));
  const secrets: Secrets = {
    postgresAdmin: password(),
    databases: each(serviceNames),
    kafka: each([...serviceNames, ...kafkaExtraUsers]),
    redis: password(),
    registry: password(),
  };
  writeJson(file, secrets, 0o600);
  return secrets;
}

export function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is damaged: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Written beside and renamed, so that a reader never sees half a file. */
export function writeJson(file: string, value: unknown, mode: number): void {
  writeText(file, `${JSON.stringify(value, null, 2)}\n`, mode);
}

export function writeText(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

async function freePortBlock(instance: string, stateDir: string): Promise<number> {
  for (const base of portCandidates(instance)) {
    if (!reserve(`ports-${base}`, stateDir)) continue;
    if (await allFree(base)) return base;
    rmSync(join(runDirOf('claims'), `ports-${base}`), { force: true });
  }
  throw new Error('no block of 100 free ports between 18000 and 31900');
}

async function freeRange(instance: string, stateDir: string): Promise<number> {
  const used = await usedRanges();
  for (const octet of rangeCandidates(instance)) {
    if (isRangeFree(octet, used) && reserve(`range-${octet}`, stateDir)) return octet;
  }
  throw new Error('no free range 10.N.0.0/16: every one meets a route of this machine');
}

async function allFree(base: number): Promise<boolean> {
  const probes = Array.from({ length: portBlock }, (_, i) => canListen(base + i));
  return (await Promise.all(probes)).every(Boolean);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A claim on a block, first come first served. One whose state directory is gone counts as free. */
function reserve(name: string, stateDir: string): boolean {
  const dir = runDirOf('claims');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, name);
  const owner = statSync(file, { throwIfNoEntry: false }) && readFileSync(file, 'utf8');
  if (owner === stateDir) return true;
  if (owner && existsSync(join(owner, 'state.json'))) return false;
  if (owner !== undefined) rmSync(file, { force: true });
  try {
    writeFileSync(file, stateDir, { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** Gives the claims of this platform back; part of `reset`. */
export function releaseClaims(state: State): void {
  for (const name of [`ports-${state.portBase}`, `range-${state.octet ?? ''}`]) {
    rmSync(join(runDirOf('claims'), name), { force: true });
  }
}
