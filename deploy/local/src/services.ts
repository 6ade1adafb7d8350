import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.js';
import { kafkaBrokers, kafkaLogin, type KafkaLogin } from './engines/kafka-client.js';
import { databaseUrl } from './engines/postgres.js';
import { prometheusUrl, type ScrapeTarget } from './engines/prometheus.js';
import { redisUrl } from './engines/redis.js';
import { registryUrl } from './engines/registry.js';
import { debianImages, goImages } from './images/catalogue.js';
import { expectHttp } from './probe.js';
import { serviceNames, writeText, type ServiceName } from './state.js';
import type { ProcessUnit, TaskUnit } from './unit.js';
import { giveFile, ownDir } from './user.js';

export const adminUser = 'admin';

const keyFile = (context: Context, name: string) => context.path('keys', name);
export const adminPasswordFile = (context: Context): string => keyFile(context, 'admin-password');
/** Password of the account with which `up` itself uses the API; unlike the first one it stays. */
export const setupPasswordFile = (context: Context): string => keyFile(context, 'setup-password');

export interface ServiceCopy {
  service: ServiceName;
  /** `ipaas-1` */
  instance: string;
  port: number;
  url: string;
}

/** Copies in the order of their ports. */
export function serviceCopies(context: Context): ServiceCopy[] {
  const numbers = Array.from({ length: context.desired.copies }, (_, i) => i + 1);
  return serviceNames.flatMap((service) =>
    numbers.map((copy) => {
      const port = context.ports.service(service, copy);
      return { service, instance: `${service}-${copy}`, port, url: `http://127.0.0.1:${port}` };
    }),
  );
}

/** Where people and `up` itself reach the platform. */
export const gatewayUrl = (context: Context): string =>
  serviceCopies(context).find((copy) => copy.service === 'gateway')?.url ?? '';

export function scrapeTargets(context: Context): ScrapeTarget[] {
  return serviceCopies(context).map(({ service, instance, port }) => ({
    job: service,
    instance,
    address: `127.0.0.1:${port}`,
  }));
}

/** Keys that the services share, and the first administrator's password. Made once, readable by their user only. */
export function keysUnit(context: Context): TaskUnit {
  return {
    kind: 'task',
    name: 'keys',
    title: 'keys of the services, first password',
    group: 'prepare',
    needs: [],
    run() {
      ownDir(context.path('keys'), context.user);
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      if (!existsSync(keyFile(context, 'identity.pub'))) {
        place('identity.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
        place('identity.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString());
      }
      for (const service of ['ipaas', 'codeflow']) {
        if (!existsSync(keyFile(context, `${service}.seal`)))
          place(`${service}.seal`, randomBytes(32).toString('base64'));
      }
      if (!existsSync(setupPasswordFile(context))) place('setup-password', randomBytes(24).toString('base64url'));
      // The file goes once the password is changed, and must not come back with one that is not true.
      if (!existsSync(keyFile(context, 'admin-password.made'))) {
        place('admin-password', randomBytes(12).toString('base64url'));
        place('admin-password.made', '');
      }
      return Promise.resolve();
    },
  };

  function place(name: string, text: string): void {
    writeText(keyFile(context, name), text, 0o600);
    giveFile(keyFile(context, name), context.user);
  }
}

export function serviceUnits(context: Context, needs: string[]): ProcessUnit[] {
  const copies = serviceCopies(context);
  return copies.map((copy) => ({
    kind: 'process',
    name: copy.instance,
    title: `${copy.instance} on ${copy.url}`,
    group: 'service',
    needs,
    process() {
      const { settings, user } = context;
      const main = join(settings.checkout, 'services', copy.service, 'dist/main.js');
      if (!existsSync(main)) throw new Error(`${main} is not built: npm run build`);
      const cwd = ownDir(context.path('services', copy.instance), user);
      return Promise.resolve({
        command: [settings.node, '--enable-source-maps', main] as [string, ...string[]],
        env: { ...settings.childEnv, ...serviceEnv(context, copy, copies) },
        cwd,
        user,
        stopTimeoutMs: 20_000,
        version: codeVersion(settings.checkout, copy.service),
      });
    },
    ready: () => expectHttp(`${copy.url}/readyz`),
  }));
}

/** The whole environment of one copy. Secrets are in the environment or in 0600 files, never on a command line. */
export function serviceEnv(context: Context, copy: ServiceCopy, copies: ServiceCopy[]): Record<string, string> {
  const { service } = copy;
  const urlsOf = (name: ServiceName) =>
    copies
      .filter((other) => other.service === name)
      .map((other) => other.url)
      .join(',');
  const common = {
    NODE_ENV: 'production',
    BERTH_HTTP_HOST: '127.0.0.1',
    BERTH_HTTP_PORT: String(copy.port),
    BERTH_INSTANCE: copy.instance,
    BERTH_INSTALLATION_ID: context.state.installation,
    BERTH_POSTGRES_URL: databaseUrl(context, service),
    BERTH_REDIS_URL: redisUrl(context),
    BERTH_KAFKA_BROKERS: kafkaBrokers(context),
    ...kafkaEnv(kafkaLogin(context, service)),
    BERTH_IDENTITY_PUBLIC_KEY_FILE: keyFile(context, 'identity.pub'),
  };
  const seal = { BERTH_SEAL_KEY_FILE: keyFile(context, `${service}.seal`) };
  const prometheus = { BERTH_PROMETHEUS_URL: prometheusUrl(context) };
  const own: Record<ServiceName, Record<string, string>> = {
    gateway: {
      BERTH_IDENTITY_PRIVATE_KEY_FILE: keyFile(context, 'identity.key'),
      BERTH_IPAAS_URLS: urlsOf('ipaas'),
      BERTH_CLUSTER_MGR_URLS: urlsOf('cluster-mgr'),
      BERTH_DOLPHINSYNC_URLS: urlsOf('dolphinsync'),
      BERTH_CODEFLOW_URLS: urlsOf('codeflow'),
      BERTH_NGINX_MGR_URLS: urlsOf('nginx-mgr'),
      BERTH_ADMIN_PASSWORD_FILE: adminPasswordFile(context),
      BERTH_SETUP_PASSWORD_FILE: setupPasswordFile(context),
      BERTH_PORTAL_DIR: join(context.settings.checkout, 'services/web-portal/dist/app'),
    },
    ipaas: {
      ...seal,
      ...prometheus,
      BERTH_REGISTRY_MIRRORS: `${context.registryName}=${registryUrl(context)}`,
      BERTH_OFFERED_IMAGES: offeredImages.map((name) => `${context.registryName}/${name}`).join(','),
      BERTH_IMAGE_ARCHITECTURE: process.arch === 'arm64' ? 'arm64' : 'amd64',
    },
    'cluster-mgr': prometheus,
    dolphinsync: {},
    codeflow: seal,
    'nginx-mgr': {},
  };
  return { ...common, ...own[service] };
}

/** The samples, so that the first deploy needs no image of one's own. */
const offeredImages = [
  ...new Set([...debianImages, ...goImages].map(({ name }) => name.slice(0, name.indexOf(':')))),
].filter((name) => name.startsWith('berth/sample-'));

function kafkaEnv(login: KafkaLogin | undefined): Record<string, string> {
  if (!login) return {};
  return {
    BERTH_KAFKA_USERNAME: login.username,
    BERTH_KAFKA_PASSWORD: login.password,
    BERTH_KAFKA_MECHANISM: login.mechanism,
  };
}

/** Changes when the built code of a service or of a library does, so that `up` restarts exactly what was rebuilt. */
function codeVersion(checkout: string, service: ServiceName): string {
  const hash = createHash('sha256');
  for (const dir of [
    `services/${service}/dist`,
    ...['contracts', 'api', 'engines', 'clients', 'platform'].map((lib) => `libs/${lib}/dist`),
  ]) {
    const root = join(checkout, dir);
    if (!existsSync(root)) continue;
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.js') && !name.includes('.spec.'),
    );
    for (const file of files.sort()) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
