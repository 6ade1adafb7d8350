import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the working tree. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * A `BERTH_TEST_*` value: from the environment, or from `env.sh` that the local platform writes into its state directory.
 * `source` tells which, because a file may be left over from a platform that is stopped.
 */
export function testSetting(name: string): { value: string; source: 'environment' | 'platform' } | undefined {
  const value = process.env[name];
  if (value) return { value, source: 'environment' };
  const fromPlatform = platformSettings().get(name);
  return fromPlatform ? { value: fromPlatform, source: 'platform' } : undefined;
}

function platformSettings(): Map<string, string> {
  const state = resolve(root, process.env.BERTH_STATE_DIR ?? '.berth');
  try {
    const lines = readFileSync(join(state, 'env.sh'), 'utf8').split('\n');
    return new Map(lines.flatMap((line) => parseExport(line)));
  } catch {
    return new Map();
  }
}

function parseExport(line: string): [string, string][] {
  const [, name, quoted] = line.match(/^export (\w+)=(.*)$/) ?? [];
  if (name === undefined || quoted === undefined) return [];
  return [[name, quoted.replace(/^(['"])(.*)\1$/, '$2').replaceAll(`'\\''`, "'")]];
}
