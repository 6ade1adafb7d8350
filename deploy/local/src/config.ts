import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Engines that one variable each can replace by a real one. */
export const engineNames = ['postgres', 'kafka', 'redis', 'registry', 'prometheus'] as const;
export type EngineName = (typeof engineNames)[number];

/** Real things that replace local ones. `up` keeps them beside the wish, so that the supervisor knows them without asking. */
export interface Given {
  /** Addresses of real engines. */
  external: Partial<Record<EngineName, string>>;
  /** One principal for everybody at a real Kafka; the local one has a principal for each service. */
  kafkaLogin?: { username: string; password: string; mechanism: string } | undefined;
  /** Kubeconfigs of existing clusters; when there are any, no local cluster is made. */
  kubeconfigs: string[];
  /** A ready Kubernetes server binary, so that none is built. */
  kubeBinary?: string | undefined;
}

export interface Settings extends Given {
  /** Root of the checkout that this platform belongs to. */
  checkout: string;
  /** Where everything that can change lives. Two platforms of one checkout differ only in this. */
  stateDir: string;
  /** Downloads and builds that any checkout may share. */
  cacheDir: string;
  /** Node 24, which also runs the services. */
  node: string;
  /** The environment of every process, to which each adds its own. */
  childEnv: Record<string, string>;
}

/**
 * What every process gets. It does not follow the caller's environment: an `up` from another shell would otherwise be
 * other settings, and restart everything.
 */
const processEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' };

const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
const go = ['GOPROXY', 'GOFLAGS', 'GOPATH', 'GOCACHE', 'GOMODCACHE', 'GONOSUMDB', 'GOSUMDB', 'GOPRIVATE'];
const buildNames = [
  'PATH',
  'HOME',
  'LANG',
  ...proxies,
  ...go,
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'PIP_INDEX_URL',
  'MAVEN_OPTS',
];

/** Where Debian packages for images come from, instead of Debian's own mirrors. */
export const debianMirror = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.BERTH_DEBIAN_MIRROR || undefined;

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
    kafkaLogin: kafkaLogin(env),
    kubeconfigs: list(env.BERTH_KUBECONFIGS).map((path) => resolve(path)),
    kubeBinary: env.KUBE_BINARY || undefined,
    node: process.execPath,
    childEnv: processEnv,
  };
}

function kafkaLogin(env: NodeJS.ProcessEnv): Given['kafkaLogin'] {
  const { BERTH_KAFKA_USERNAME: username, BERTH_KAFKA_PASSWORD: password } = env;
  if (!env.BERTH_KAFKA_BROKERS || !username) return undefined;
  return { username, password: password ?? '', mechanism: env.BERTH_KAFKA_MECHANISM || 'plain' };
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
  return { ...pick(env, buildNames), ...mavenProxy(env) };
}

/** Maven does not know HTTPS_PROXY; it takes the same as properties of Java. */
function mavenProxy(env: NodeJS.ProcessEnv): Record<string, string> {
  const { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy, MAVEN_OPTS = '' } = env;
  const proxy = HTTPS_PROXY || https_proxy;
  if (!proxy || /-Dhttps?\.proxyHost/.test(MAVEN_OPTS)) return {};
  const { hostname, port, protocol } = new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  const isDirect = (NO_PROXY || no_proxy || '').split(',').filter(Boolean).join('|');
  const options = [
    `-Dhttps.proxyHost=${hostname}`,
    `-Dhttps.proxyPort=${port || (protocol === 'https:' ? 443 : 80)}`,
    ...(isDirect ? [`-Dhttp.nonProxyHosts=${isDirect}`] : []),
  ];
  return { MAVEN_OPTS: [MAVEN_OPTS, ...options].filter(Boolean).join(' ') };
}

function pick(env: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Eight hex digits that follow the place of the state: every name on the machine is made from them. */
export function instanceId(stateDir: string): string {
  return createHash('sha256').update(stateDir).digest('hex').slice(0, 8);
}
