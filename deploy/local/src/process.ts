import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessSpec, User } from './unit.js';

/** One process as the kernel knows it. The start time makes a recycled pid a different process, the boot id a reboot. */
export interface ProcessRecord {
  pid: number;
  startTicks: string;
  bootId: string;
  /** Hash of the specification it was started from. */
  hash: string;
}

/**
 * The record is written by the child itself before it becomes the command, so a killed supervisor never leaves a
 * process that nobody knows. `exec` keeps pid and start time.
 */
const launcher = `
record=$1; hash=$2; groups=$3; shift 3
for group in $groups; do echo $$ > "$group/cgroup.procs" || exit 125; done
{ echo "$hash"; cat /proc/sys/kernel/random/boot_id /proc/$$/stat; } > "$record.new" && mv "$record.new" "$record" || exit 125
exec "$@"`;

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

export function specHash(spec: ProcessSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
}

/** Starts a process that outlives the supervisor. Its output is appended to the log file. */
export function launch(spec: ProcessSpec, recordFile: string, logFile: string): ChildProcess {
  rotate(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(
    '/bin/sh',
    ['-c', launcher, 'berth', recordFile, specHash(spec), (spec.cgroups ?? []).join(' '), ...fullCommand(spec)],
    { cwd: spec.cwd, env: spec.env, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  return child;
}

function fullCommand(spec: ProcessSpec): string[] {
  const command = asUser(spec.user, spec.cwd, spec.command);
  // nsenter, not `ip netns exec`: that one remounts /sys and hides the control groups from the kubelet.
  return spec.netns ? ['nsenter', `--net=/run/netns/${spec.netns}`, '--', ...command] : command;
}

/**
 * In a mount namespace of its own: an empty folder, in it what may be seen, and the whole moved over the closed one.
 * The mounts go with the last process that sees them.
 */
const opener = `
hide=$1; cwd=$2; count=$3; shift 3
stage=/run/berth/view
mkdir -p "$stage" && mount -t tmpfs -o mode=0755,size=64k tmpfs "$stage" || exit 125
while [ "$count" -gt 0 ]; do
  inner=$stage\${1#"$hide"}
  mkdir -p "$inner" && mount --bind "$1" "$inner" || exit 125
  shift; count=$((count - 1))
done
mount --move "$stage" "$hide" || exit 125
cd "$cwd" && exec "$@"`;

/** The command as another user. The steps only `exec`, so the pid stays that of the caller. */
export function asUser(user: User | undefined, cwd: string, command: readonly string[]): string[] {
  if (!user) return [...command];
  const plain = [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--',
    ...command,
  ];
  if (!user.view) return plain;
  const { hide, show } = user.view;
  const inside = ['/bin/sh', '-c', opener, 'berth', hide, cwd, String(show.length), ...show];
  return ['unshare', '--mount', '--propagation', 'private', '--', ...inside, ...plain];
}

const maxLogBytes = 32 * 1024 * 1024;

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxLogBytes) renameSync(logFile, `${logFile}.1`);
}

export function readRecord(recordFile: string): ProcessRecord | undefined {
  let text: string;
  try {
    text = readFileSync(recordFile, 'utf8');
  } catch {
    return undefined;
  }
  const [hash = '', boot = '', stat = ''] = text.split('\n');
  const parsed = parseStat(stat);
  return parsed && { pid: parsed.pid, startTicks: parsed.startTicks, bootId: boot, hash };
}

/** Reads one line of /proc/PID/stat. The name in brackets may itself hold spaces and brackets. */
export function parseStat(stat: string): { pid: number; state: string; startTicks: string } | undefined {
  const pid = Number.parseInt(stat, 10);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return Number.isNaN(pid) || !state || !startTicks ? undefined : { pid, state, startTicks };
}

/** True only for the very process that was recorded. */
export function isAlive(record: ProcessRecord): boolean {
  if (record.bootId !== bootId()) return false;
  try {
    const now = parseStat(readFileSync(`/proc/${record.pid}/stat`, 'utf8'));
    return now !== undefined && now.startTicks === record.startTicks && now.state !== 'Z' && now.state !== 'X';
  } catch {
    return false;
  }
}

/** Asks the recorded process to stop, kills it after the time is up, and removes the record. */
export async function stopRecorded(
  recordFile: string,
  spec?: Pick<ProcessSpec, 'stopSignal' | 'stopTimeoutMs'>,
): Promise<void> {
  const record = readRecord(recordFile);
  if (record && isAlive(record)) {
    signal(record, spec?.stopSignal ?? 'SIGTERM');
    if (!(await gone(record, spec?.stopTimeoutMs ?? 10_000))) {
      signal(record, 'SIGKILL', true);
      await gone(record, 5_000);
    }
  }
  rmSync(recordFile, { force: true });
}

function signal(record: ProcessRecord, name: NodeJS.Signals, group = false): void {
  if (!isAlive(record)) return;
  try {
    process.kill(group ? -record.pid : record.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

async function gone(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (isAlive(record)) {
    if (Date.now() > end) return false;
    await delay(40);
  }
  return true;
}
