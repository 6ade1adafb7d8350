import { join } from 'node:path';
import type { Context } from '../context.js';
import { metricsCredentials, type LocalCluster } from '../kubernetes/cluster.js';
import { expectHttp } from '../probe.js';
import { writeJson, writeText } from '../state.js';
import type { ProcessUnit } from '../unit.js';
import { giveFile, ownDir } from '../user.js';

export function prometheusUrl(context: Context): string {
  return context.settings.external.prometheus ?? `http://127.0.0.1:${context.ports.engine.prometheus}`;
}

export interface ScrapeTarget {
  job: string;
  instance: string;
  address: string;
}

export function prometheusUnit(context: Context, clusters: LocalCluster[], services: ScrapeTarget[]): ProcessUnit {
  const dir = context.path('prometheus');
  const port = context.ports.engine.prometheus;
  return {
    kind: 'process',
    name: 'prometheus',
    title: `Prometheus on 127.0.0.1:${port}`,
    group: 'engine',
    needs: clusters.map((cluster) => `${cluster.name}.manifests`),
    process() {
      ownDir(dir, context.user);
      ownDir(join(dir, 'data'), context.user);
      const credentials = clusters.map((cluster) => metricsCredentials(cluster, dir, context.user));
      const config = join(dir, 'prometheus.json');
      // JSON is YAML too; numbers of copies live in their own file, which Prometheus reads again by itself.
      const scrape_configs = [
        { job_name: 'services', file_sd_configs: [{ files: [join(dir, 'services.json')], refresh_interval: '5s' }] },
        ...clusters.map((cluster, i) => kubeletJob(cluster, credentials[i])),
      ];
      const global = { scrape_interval: '10s', scrape_timeout: '8s' };
      write(config, JSON.stringify({ global, scrape_configs }, null, 2));
      writeJson(
        join(dir, 'services.json'),
        services.map(({ job, instance, address }) => ({ targets: [address], labels: { service: job, instance } })),
        0o644,
      );
      return Promise.resolve({
        command: [
          'prometheus',
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(dir, 'data')}`,
          '--storage.tsdb.retention.time=7d',
          '--storage.tsdb.retention.size=512MB',
          `--web.listen-address=127.0.0.1:${port}`,
          '--log.level=warn',
        ] as [string, ...string[]],
        env: context.settings.childEnv,
        cwd: dir,
        user: context.user,
        version: scrape_configs.map((job) => job.job_name).join(' '),
      });
    },
    ready: () => expectHttp(`${prometheusUrl(context)}/-/ready`),
  };

  function write(file: string, text: string): void {
    writeText(file, text, 0o600);
    giveFile(file, context.user);
  }
}

/** Per-container CPU and memory: the kubelet's resource metrics through the apiserver, over verified TLS. */
function kubeletJob(cluster: LocalCluster, tls: { ca_file: string; cert_file: string; key_file: string } | undefined) {
  return {
    job_name: `kubelet-${cluster.name}`,
    scheme: 'https',
    metrics_path: `/api/v1/nodes/${cluster.nodeName}/proxy/metrics/resource`,
    tls_config: tls,
    static_configs: [
      { targets: [`${cluster.ranges.nodeAddress}:6443`], labels: { cluster: cluster.name, node: cluster.nodeName } },
    ],
  };
}
