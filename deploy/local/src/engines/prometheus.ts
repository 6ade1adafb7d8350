import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
        ...clusters.flatMap((cluster, i) => kubeletJobs(cluster, credentials[i])),
      ];
      const global = { scrape_interval: '15s', scrape_timeout: '10s' };
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
        version: createHash('sha256').update(readFileSync(config)).digest('hex'),
      });
    },
    ready: () => expectHttp(`${prometheusUrl(context)}/-/ready`),
  };

  function write(file: string, text: string): void {
    writeText(file, text, 0o600);
    giveFile(file, context.user);
  }
}

/**
 * What is kept of a kubelet. Each fact comes from one place, so that a sum never counts twice: CPU and memory from
 * `resource`, the rest from `cadvisor`. Limits are not here: Berth set them and knows them.
 */
const keptSeries = {
  resource: ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes', 'container_start_time_seconds'],
  cadvisor: [
    'container_cpu_cfs_periods_total',
    'container_cpu_cfs_throttled_periods_total',
    'container_network_receive_bytes_total',
    'container_network_transmit_bytes_total',
    'container_oom_events_total',
  ],
};

/** What containers use, asked of the kubelet over verified TLS: series with the labels cluster, namespace, pod, container. */
function kubeletJobs(cluster: LocalCluster, tls: { ca_file: string; cert_file: string; key_file: string } | undefined) {
  return Object.entries(keptSeries).map(([path, names]) => ({
    job_name: `${path}-${cluster.name}`,
    scheme: 'https',
    metrics_path: `/metrics/${path}`,
    tls_config: tls,
    static_configs: [
      { targets: [`${cluster.ranges.nodeAddress}:10250`], labels: { cluster: cluster.name, node: cluster.nodeName } },
    ],
    metric_relabel_configs: [
      { source_labels: ['__name__'], regex: names.join('|'), action: 'keep' },
      // The machine and its other control groups are not of a service.
      { source_labels: ['pod'], regex: '', action: 'drop' },
      // The sum of a pod's containers; only its network has no container.
      { source_labels: ['__name__', 'container'], regex: 'container_(cpu|oom)_.*;', action: 'drop' },
      { regex: 'id|name|image', action: 'labeldrop' },
    ],
  }));
}
