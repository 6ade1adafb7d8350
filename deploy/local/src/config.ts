import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Engines that one variable each can replace by a real one. */
export const engineNames = ['postgres', 'kafka', 'redis', 'registry', 'prometheus'] as const;
export type EngineName = (typeof engineNames)[number];

/** What the environment says. Read once; nothing else in this package reads the environment. */
export interface Settings {
  /** Root of the checkout that this platform belongs to. */
  checkout: string;
  /** Where everything that can change lives. Two platforms of one checkout differ only in this. */
  stateDir: string;
  /** Downloads and builds that any checkout may share. */
  cacheDir: string;
  /** Addresses of real engines that replace the local ones. */
  external: Partial<Record<EngineName, string>>;
  /** Kubeconfigs of existing clusters; when given, no local cluster is made. */
  kubeconfigs: string[];
  /** A ready Kubernetes server binary, so that none is built. */
  kubeBinary: string | undefined;
  /** Node 24, which also runs the services. */
  node: string;
  /** What child processes inherit: no secrets, only where to find programs and how to reach the network. */
  childEnv: Record<string, string>;
}

const inherited = [
  'PATH',
  'LANG',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];
const buildOnly = ['HOME', 'GOPROXY', 'GOFLAGS', 'GOPATH', 'GOCACHE', 'GOMODCACHE', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const checkout = realpathSync(resolve(dirname(fileURLToPath(import.meta.url)), '../../..'));
  const list = (value: string | undefined) =>
    (value ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const external: Settings['external'] = {};
  for (const [engine, variable] of Object.entries(engineVariables) as [EngineName, string][]) {
    if (env[variable]) external[engine] = env[variable];
  }
  return {
    checkout,
    stateDir: resolve(checkout, env.BERTH_STATE_DIR || '.berth'),
    cacheDir: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth'),
    external,
    kubeconfigs: list(env.BERTH_KUBECONFIGS).map((path) => resolve(path)),
    kubeBinary: env.KUBE_BINARY || undefined,
    node: process.execPath,
    childEnv: pick(env, inherited),
  };
}

/** The variable that names a real engine. */
export const engineVariables: Record<EngineName, string> = {
  postgres: 'BERTH_POSTGRES_URL',
  kafka: 'BERTH_KAFKA_BROKERS',
  redis: 'BERTH_REDIS_URL',
  registry: 'BERTH_REGISTRY_URL',
  prometheus: 'BERTH_PROMETHEUS_URL',
};

/** The environment of build tools, which need a home and their proxies on top. */
export function buildEnv(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return pick(env, [...inherited, ...buildOnly]);
}

function pick(env: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Eight hex digits that follow the place of the state: every name on the machine is made from them. */
export function instanceId(stateDir: string): string {
  return createHash('sha256').update(stateDir).digest('hex').slice(0, 8);
}
