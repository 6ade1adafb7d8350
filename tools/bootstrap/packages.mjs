import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { debianSources, tellBlockedHosts, toolSources } from './hosts.mjs';
import { patiently, root, run, say, Stop } from './shell.mjs';

/** Debian packages by what needs them; the variable names a real one that makes them needless. */
const groups = [
  {
    for: 'PostgreSQL',
    unless: 'BERTH_POSTGRES_URL',
    packages: ['postgresql-15'],
    program: 'initdb',
    ubuntu: ['postgresql'],
  },
  { for: 'Redis', unless: 'BERTH_REDIS_URL', packages: ['redis-server'] },
  { for: 'Apache Kafka', unless: 'BERTH_KAFKA_BROKERS', packages: ['openjdk-17-jre-headless', 'maven'] },
  {
    for: 'the registry',
    unless: 'BERTH_REGISTRY_URL',
    packages: ['docker-registry', 'mmdebstrap'],
    // The base images are Debian's; Ubuntu does not bring the keys that they are signed with.
    ubuntu: ['docker-registry', 'mmdebstrap', 'debian-archive-keyring'],
  },
  { for: 'Prometheus', unless: 'BERTH_PROMETHEUS_URL', packages: ['prometheus'] },
  {
    for: 'two Kubernetes clusters',
    unless: 'BERTH_KUBECONFIGS',
    packages: [
      'containerd',
      'runc',
      'containernetworking-plugins',
      'iptables',
      'nftables',
      'conntrack',
      'ipset',
      'iproute2',
      'openssl',
      'procps',
      'python3-pip',
    ],
  },
];
const browserPackages = ['chromium', 'fonts-noto-cjk'];

const isRoot = process.getuid?.() === 0;

/**
 * Installs what is missing, as root, and starts nothing by it. Without root it says exactly what to do.
 * `args` are those of the verb: `--yes` asks nothing.
 */
export async function ensurePackages({ args, browser = false }) {
  const system = describeSystem();
  const needed = neededGroups(args);
  const wanted = [
    ...needed.flatMap((group) => (system.isUbuntu ? (group.ubuntu ?? group.packages) : group.packages)),
    ...(browser ? browserPackages : []),
  ];
  if (process.platform !== 'linux') throw new Stop(unsupported(needed));
  if (wanted.length > 0 && !system.isDebian) throw new Stop(unsupported(needed));
  const missing = wanted.length > 0 ? await missingOf(wanted) : [];
  const needsRoot = !isRoot && needed.some((group) => group.unless === 'BERTH_KUBECONFIGS');
  if (needsRoot) throw new Stop(withoutRoot(missing));
  if (missing.length > 0 && !isRoot)
    throw new Stop(`These packages are missing:\n  sudo apt-get install --no-install-recommends ${missing.join(' ')}`);
  const space = await tooLittle();
  if (missing.length > 0) {
    await tellBlockedHosts(debianSources());
    await confirm(missing, needed, space, args);
    await install(missing);
  } else if (space) say(space);
  await tellBlockedHosts(await toolSources());
}

/** What a start needs and this machine does not have, as a sentence; empty when it has enough. */
async function tooLittle() {
  const { bavail, bsize } = await statfs(root);
  const memoryGb = totalmem() / 1e9;
  const diskGb = (bavail * bsize) / 1e9;
  const lacks = [
    ...(memoryGb < 7.5 ? [`8 GB of memory (here: ${memoryGb.toFixed(1)})`] : []),
    ...(diskGb < 10 && !existsSync(join(root, 'node_modules'))
      ? [`10 GB of free disk (here: ${diskGb.toFixed(1)})`]
      : []),
  ];
  return lacks.length > 0 ? `Attention: Berth wants ${lacks.join(' and ')}. It may not start, or stop halfway.` : '';
}

/** `--only` and the variables leave groups out. */
function neededGroups(args) {
  const only = args
    .find((arg, i) => args[i - 1] === '--only' || arg.startsWith('--only='))
    ?.replace('--only=', '')
    .split(',');
  const names = {
    PostgreSQL: 'postgres',
    Redis: 'redis',
    'Apache Kafka': 'kafka',
    'the registry': 'registry',
    Prometheus: 'prometheus',
  };
  return groups
    .filter((group) => !process.env[group.unless])
    .filter(
      (group) =>
        !only ||
        only.some((one) => (names[group.for] ?? '') === one || (!names[group.for] && /^(beijing|shanghai)/.test(one))),
    );
}

function describeSystem() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const ids = /^ID=(.*)$/m.exec(release)?.[1] + ' ' + (/^ID_LIKE=(.*)$/m.exec(release)?.[1] ?? '');
  const isUbuntu = /ubuntu/.test(ids);
  // A derivative has numbers of its own; then the packages themselves tell.
  const version = /^ID="?(debian|ubuntu)"?$/m.test(release)
    ? Number.parseFloat(/^VERSION_ID="?([\d.]+)/m.exec(release)?.[1] ?? 'NaN')
    : NaN;
  const isOld = version < (isUbuntu ? 22.04 : 12);
  return { isDebian: process.platform === 'linux' && /debian|ubuntu/.test(ids) && !isOld, isUbuntu };
}

const replacements = () => groups.map((group) => `  ${group.unless.padEnd(22)} ${group.for}`).join('\n');

function unsupported(needed) {
  if (process.platform !== 'linux') {
    return (
      `Berth runs on Linux; this is ${process.platform}. Use a Linux virtual machine, for example Debian 12 with Lima or\n` +
      'multipass, and run npm run up in it as root.'
    );
  }
  return (
    'Berth brings its own engines on Debian 12 and Ubuntu 22.04 or newer, without Docker. On this Linux it needs from you:\n' +
    `${needed.map((group) => `  ${group.unless.padEnd(22)} ${group.for}`).join('\n')}\n\n` +
    'The engines come with Docker (docker/README.md), the clusters are your own:\n' +
    '  BERTH_KUBECONFIGS=/path/one.yaml,/path/two.yaml npm run up'
  );
}

function withoutRoot(missing) {
  return (
    'Making Kubernetes clusters needs root: network namespaces, control groups, mounts. Two ways:\n\n' +
    '  sudo env "PATH=$PATH" npm run up          everything here; the services still run without root\n' +
    '  BERTH_KUBECONFIGS=a,b npm run up          with your own clusters, without root\n' +
    (missing.length > 0
      ? `\nThe second way also needs:\n  sudo apt-get install --no-install-recommends ${missing.join(' ')}\n`
      : '') +
    `\nEvery part can be replaced by a real one:\n${replacements()}`
  );
}

async function missingOf(names) {
  const { output } = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...names]);
  const present = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !present.has(name));
}

/** The plan: what is installed, how much it is, what runs then and what changes. Nothing happens before a yes. */
async function confirm(missing, needed, space, args) {
  const sizes = await sizesOf(missing);
  say(
    'Berth installs these Debian packages, with what they depend on, and starts no service by it. What is installed already',
  );
  say('stays as it is:');
  say(`  ${missing.join(' ')}`);
  for (const line of sizes) say(`  ${line}`);
  say(`They bring: ${needed.map((group) => group.for).join(', ')}.`);
  say(
    'Then it fetches npm packages (0.7 GB), Apache Kafka (54 MB) and the sources of Kubernetes, which it builds once.',
  );
  say(
    'While it runs: these engines, six services and two Kubernetes clusters, all on loopback or in network namespaces of their',
  );
  say(
    'own; about 6 GB of memory and 6 GB of disk. While clusters run, the kubelet sets vm.overcommit_memory=1, kernel.panic=10',
  );
  say(
    'and kernel.panic_on_oops=1. npm run down stops everything, npm run reset removes the data. Outside this folder stay the',
  );
  say('system user berth, /run/berth while it runs, and what was built once in ~/.cache/berth.');
  if (space) say(space);
  const isAsked = process.stdin.isTTY && process.stdout.isTTY && !process.env.CI && !args.includes('--yes');
  if (!isAsked) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Go on? [y/N] ');
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Stop('Nothing was installed.');
}

/** What apt says of the size; a machine whose package lists are empty reads them first. */
async function sizesOf(missing) {
  const ask = async () => {
    const { output } = await run('apt-get', ['install', '--assume-no', '--no-install-recommends', ...missing], {
      env: quiet,
    });
    return output.split('\n').filter((line) => /^(Need to get|After this operation|\d+ upgraded)/.test(line));
  };
  const known = await ask();
  if (known.length > 0) return known;
  say("Reading Debian's lists of packages …");
  await aptGet(['update', '-qq']);
  return ask();
}

const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', LC_ALL: 'C.UTF-8' };
const policy = '/usr/sbin/policy-rc.d';
const noStarts = '#!/bin/sh\n# Berth installs packages and starts none of their services.\nexit 101\n';

async function install(names) {
  say('Downloading and installing them: about a minute …');
  await aptGet(['update', '-qq']);
  await withoutStarts(() => aptGet(['install', '-y', '-qq', '--no-install-recommends', '--no-upgrade', ...names]));
  const { output } = await run('dpkg-query', ['-W', '-f', '  ${Package} ${Version}\\n', ...names]);
  say(
    `Installed, with what they depend on (apt keeps the whole list in /var/log/apt/history.log):\n${output.trimEnd()}`,
  );
}

/**
 * Packages ask a program before they start a service; 101 = no. Whatever ends the installation, the machine's own answer
 * comes back: one that stayed would keep every later package from starting.
 */
async function withoutStarts(work) {
  const saved = `${policy}.before-berth`;
  const isOurs = existsSync(policy) && readFileSync(policy, 'utf8') === noStarts;
  if (existsSync(policy) && !isOurs) renameSync(policy, saved);
  writeFileSync(policy, noStarts, { mode: 0o755 });
  const restore = () => {
    rmSync(policy, { force: true });
    if (existsSync(saved)) renameSync(saved, policy);
  };
  const stop = () => {
    restore();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
    restore();
  }
}

async function aptGet(args) {
  // A host that does not answer is given up soon; the message below says what replaces it.
  const patience = ['-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::https::Timeout=15', '-o', 'Acquire::Retries=1'];
  const { code, output } = await patiently(
    args[0] === 'update' ? 'reading the lists of packages' : 'installing Debian packages',
    run('apt-get', [...patience, ...args], { env: quiet }),
  );
  if (code !== 0) {
    const lines = output.trim().split('\n').slice(-8).join('\n');
    throw new Stop(
      `apt-get ${args[0]} did not work:\n${lines}\n\nA proxy for it: http_proxy=http://… ; parts that can be replaced:\n${replacements()}`,
    );
  }
}
