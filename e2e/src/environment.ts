import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './platform.js';

/** A file of the platform's state folder. */
export function stateFile(...parts: string[]): string {
  return path.resolve(root, process.env.BERTH_STATE_DIR ?? '.berth', ...parts);
}

/** A value that `up` wrote for developers into `env.sh` of the platform's state folder. */
export function developerValue(name: string): string {
  const file = stateFile('env.sh');
  const line = new RegExp(`^(?:export )?${name}=(.*)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  if (line === undefined) throw new Error(`${file} has no ${name}`);
  return line.replaceAll(/^['"]|['"]$/g, '');
}

/** Whether pictures of the pages on the way are wanted. */
export const wantsPictures = Boolean(process.env['BERTH_PICTURES']);
