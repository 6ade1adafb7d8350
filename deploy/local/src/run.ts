import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
}

/** Runs a short program to its end and returns what it printed. Throws with its last lines when it fails. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  try {
    const { stdout } = await execFileAsync(command, args, {
      cwd: options.cwd,
      env: options.env,
      timeout: options.timeoutMs ?? 120_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (cause) {
    // Without the cause: it repeats the whole command line.
    throw new Error(`${command} ${args[0] ?? ''}: ${lastLines(cause)}`);
  }
}

/** True when the program ended well. */
export async function succeeds(command: string, args: string[]): Promise<boolean> {
  return execFileAsync(command, args).then(
    () => true,
    () => false,
  );
}

function lastLines(cause: unknown): string {
  const text =
    cause instanceof Error && 'stderr' in cause && cause.stderr ? String(cause.stderr) : String(cause).slice(-300);
  return text.trim().split('\n').slice(-6).join('\n');
}
