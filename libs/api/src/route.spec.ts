import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineRoute } from './route.js';
import { routes } from './routes.js';

const spec = {
  image: 'hub.example/shop/cart:1',
  size: { cpuMillis: 100, memoryMiB: 64 },
  ports: [],
  variables: [{ name: 'DB', value: 'post\u0000gres' }],
  readiness: { kind: 'http', path: '/\u0000', port: 80, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 },
  liveness: null,
  command: ['sh', '\ud83d'],
  args: ['a\u0000'],
  startupAllowanceSeconds: 0,
  gracefulStopSeconds: 0,
  runAsUser: null,
  rolloutDeadlineSeconds: 300,
};
const pathsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));

describe('text with a NUL or half a character', () => {
  test('in a variable, a probe, a command or an argument is refused by its path', () => {
    const paths = pathsOf(routes.upgradeService.body, { spec, cause: 'why' }) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['spec.readiness.path', 'spec.command.1', 'spec.args.0']));
    expect(paths.some((path) => path.startsWith('spec.variables.0'))).toBe(true);
  });

  test.each([
    ['a cause', routes.stopService.body, { cause: 'be\u0000cause' }, ['cause']],
    ['a secret', routes.putSecret.body, { value: '\ud83d' }, ['value']],
  ])('in %s is refused by its path', (_, schema, value, paths) => {
    expect(pathsOf(schema, value)).toEqual(paths);
  });

  test('is refused in every part of every route, also in lists and in names of fields', () => {
    const row = { id: 'x', kind: 'local', method: 'GET', path: '/x', owner: 'gateway', permission: 'public' } as const;
    const free = z.record(z.string(), z.array(z.string()));
    const route = defineRoute({
      ...row,
      scope: 'none',
      summary: '',
      params: free,
      query: free,
      body: free,
      response: free,
    });
    for (const part of [route.params, route.query, route.body]) {
      expect(pathsOf(part, { a: ['b', '\u0000'] })).toEqual(['a.1']);
      expect(pathsOf(part, { '\u0000': [] })).toEqual(['']);
      expect(pathsOf(part, { a: ['购物车 🙂\n'] })).toBeUndefined();
    }
  });
});
