import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@berth/testing';
import type { FakeSample } from './fake-prometheus.js';
import { createPrometheusClient } from './prometheus-client.js';
import { contractSamples, prometheusContract } from './prometheus.contract.js';

const [binary, tool] = ['/usr/bin/prometheus', '/usr/bin/promtool'];

prometheusContract('a real Prometheus', async (start) => {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: install the Debian package prometheus`);
  const folder = await mkdtemp(join(tmpdir(), 'berth-prometheus-'));
  await writeFile(join(folder, 'samples.txt'), openMetrics(contractSamples(start)));
  const data = join(folder, 'data');
  await promisify(execFile)(tool, ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples.txt'), data]);
  await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
  const port = await freePort();
  const child = spawn(
    binary,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await ready(url, exited);
  return {
    client: createPrometheusClient({ url }),
    silent: createPrometheusClient({ url: `http://127.0.0.1:${await freePort()}` }),
    close: async () => {
      child.kill();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
});

/** The samples in the text that promtool turns into blocks: a metric after the other, series by time. */
function openMetrics(samples: readonly FakeSample[]): string {
  const lines = samples.map(({ name, labels, atSeconds, value }) => {
    const inside = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return `${name}{${inside.join(',')}} ${value} ${atSeconds}`;
  });
  return [...lines, '# EOF', ''].join('\n');
}

async function ready(url: string, exited: Promise<unknown>): Promise<void> {
  let isOver = false;
  void exited.then(() => (isOver = true));
  for (;;) {
    if (isOver) throw new Error('Prometheus ended at once');
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
