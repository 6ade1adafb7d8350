import { connect } from 'node:net';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { writeText } from '../state.js';
import type { ProcessUnit } from '../unit.js';
import { giveFile, ownDir } from '../user.js';

export function redisUrl(context: Context): string {
  const { settings, secrets, ports } = context;
  return settings.external.redis ?? `redis://:${secrets.redis}@127.0.0.1:${ports.engine.redis}`;
}

export function redisUnit(context: Context): ProcessUnit {
  const dir = context.path('redis');
  const port = context.ports.engine.redis;
  const config = join(dir, 'redis.conf');
  return {
    kind: 'process',
    name: 'redis',
    title: `Redis on 127.0.0.1:${port}`,
    group: 'engine',
    needs: [],
    process() {
      ownDir(dir, context.user);
      // Redis may be lost at any time by design, so nothing is written to disk.
      const lines = [
        'bind 127.0.0.1',
        `port ${port}`,
        `requirepass ${context.secrets.redis}`,
        'save ""',
        'appendonly no',
        `dir "${dir}"`,
      ];
      writeText(config, `${lines.join('\n')}\n`, 0o600);
      giveFile(config, context.user);
      return Promise.resolve({
        command: ['redis-server', config],
        env: context.settings.childEnv,
        cwd: dir,
        user: context.user,
      });
    },
    ready: () => ping(port, context.secrets.redis),
  };
}

function ping(port: number, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`AUTH ${password}\r\nPING\r\nQUIT\r\n`));
    let answer = '';
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer in 2 s')));
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.once('error', reject);
    socket.once('close', () =>
      answer.includes('+PONG') ? resolve() : reject(new Error('Redis does not answer PING')),
    );
  });
}
