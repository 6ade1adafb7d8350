import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { stateFile } from './environment.js';
import { status } from './platform.js';

/** What the kernel says of a process: who it is, what it may, and whether it may ever get more. */
function rightsOf(pid: number): Record<string, string | undefined> {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(text)?.[1];
  return { user: field('Uid'), capabilities: field('CapEff'), noNewPrivileges: field('NoNewPrivs') };
}

describe('the rights of the platform on its machine', () => {
  test('no service and no engine of the platform runs as root, or can become it', async () => {
    const { units } = await status();
    const running = units.filter(({ group, pid }) => pid !== undefined && (group === 'service' || group === 'engine'));
    expect(new Set(running.map(({ group }) => group)).size).toBe(2);
    for (const { name, pid = 0 } of running) {
      const { user, capabilities, noNewPrivileges } = rightsOf(pid);
      expect([name, user === '0', Number(`0x${capabilities}`)]).toEqual([name, false, 0]);
      // Only root has something to drop.
      if (process.getuid?.() === 0) expect([name, noNewPrivileges]).toEqual([name, '1']);
    }
  });

  test('nobody else on the machine may read its keys, passwords and logs', () => {
    const files = ['keys', 'logs'].flatMap((folder) =>
      readdirSync(stateFile(folder)).map((name) => stateFile(folder, name)),
    );
    const credentials = readdirSync(stateFile('clusters')).flatMap((cluster) =>
      ['.', 'pki'].flatMap((folder) =>
        readdirSync(stateFile('clusters', cluster, folder))
          .filter((name) => /\.(kubeconfig|key)$/.test(name))
          .map((name) => stateFile('clusters', cluster, folder, name)),
      ),
    );
    expect(credentials.length).toBeGreaterThan(10);
    const open = [stateFile('secrets.json'), stateFile('env.sh'), ...files, ...credentials].filter(
      (file) => (statSync(file).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
  });
});
