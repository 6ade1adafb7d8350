import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
  /** Hears every line that the program writes to its standard error while it runs. */
  onLine?(line: string): void;
}

/** Runs a short program to its end and returns what it printed. Throws with its last lines when it fails. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { cwd, env, timeoutMs: timeout = 120_000, onLine } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { cwd, env, timeout, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        // Not as the cause: that one repeats the whole command line.
        else reject(new Error(`${command} ${args[0] ?? ''}: ${lastLines(stderr || error.message.slice(-300))}`));
      },
    );
    if (onLine && child.stderr) createInterface({ input: child.stderr }).on('line', onLine);
  });
}

/** For `catch`: says first what it means and what to do, then what the program said. */
export function orElse(advice: string): (cause: unknown) => never {
  return (cause) => {
    throw new Error(advice, { cause });
  };
}

/** True when the program ended well. */
export function succeeds(command: string, args: string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-6).join('\n');
