import { join } from 'node:path';
import type { Context } from './context.js';
import { kafkaBrokers } from './engines/kafka-client.js';
import { adminUrl } from './engines/postgres.js';
import { prometheusUrl } from './engines/prometheus.js';
import { redisUrl } from './engines/redis.js';
import { registryUrl } from './engines/registry.js';
import { kubeBinary } from './kubernetes/binary.js';
import type { LocalCluster } from './kubernetes/cluster.js';
import { ensureDir } from './paths.js';
import { writeText } from './state.js';
import type { TaskUnit } from './unit.js';

/** `.berth/env.sh`: everything that a developer or a test on real engines needs, for `source`. */
export function developerUnit(context: Context, clusters: LocalCluster[]): TaskUnit {
  return {
    kind: 'task',
    name: 'developer',
    title: 'addresses for developers in env.sh',
    group: 'prepare',
    needs: [],
    run() {
      if (clusters.length > 0) writeKubectl(context);
      const lines = Object.entries(developerEnv(context, clusters)).map(
        ([name, value]) => `export ${name}=${quote(value)}\n`,
      );
      writeText(context.path('env.sh'), `${lines.join('')}export PATH=${quote(context.path('bin'))}:$PATH\n`, 0o600);
      return Promise.resolve();
    },
  };
}

/** `kubectl` for the local clusters, from the same binary. */
function writeKubectl(context: Context): void {
  const file = join(ensureDir(context.path('bin')), 'kubectl');
  writeText(file, `#!/bin/sh\nexec ${kubeBinary(context.settings)} kubectl "$@"\n`, 0o755);
}

/** Names of these variables are a promise to the integration specs. */
export function developerEnv(context: Context, clusters: LocalCluster[]): Record<string, string> {
  const { settings, secrets, state } = context;
  return {
    BERTH_TEST_POSTGRES_URL: adminUrl(context),
    BERTH_TEST_KAFKA_BROKERS: kafkaBrokers(context),
    BERTH_TEST_KAFKA_MECHANISM: 'plain',
    BERTH_TEST_KAFKA_USERNAME: 'admin',
    BERTH_TEST_KAFKA_PASSWORD: secrets.kafka.admin ?? '',
    BERTH_TEST_REDIS_URL: redisUrl(context),
    BERTH_TEST_REGISTRY_URL: registryUrl(context),
    BERTH_TEST_REGISTRY_NAME: context.registryName,
    BERTH_TEST_PROMETHEUS_URL: prometheusUrl(context),
    BERTH_TEST_INSTALLATION_ID: state.installation,
    BERTH_TEST_KUBECONFIGS: (clusters.length > 0
      ? clusters.map((cluster) => cluster.adminKubeconfig)
      : settings.kubeconfigs
    ).join(','),
    BERTH_TEST_PLATFORM_KUBECONFIGS: (clusters.length > 0
      ? clusters.map((cluster) => cluster.platformKubeconfig)
      : settings.kubeconfigs
    ).join(','),
  };
}

const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
