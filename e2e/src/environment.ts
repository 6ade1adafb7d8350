import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './platform.js';

/** A value that `up` wrote for developers into `env.sh` of the platform's state folder. */
export function developerValue(name: string): string {
  const file = path.resolve(root, process.env.BERTH_STATE_DIR ?? '.berth', 'env.sh');
  const line = new RegExp(`^(?:export )?${name}=(.*)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  if (line === undefined) throw new Error(`${file} has no ${name}`);
  return line.replaceAll(/^['"]|['"]$/g, '');
}
