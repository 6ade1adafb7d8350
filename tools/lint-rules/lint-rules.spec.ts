import { describe, expect, test } from '@jest/globals';
import { Linter, type Rule } from 'eslint';
import tseslint from 'typescript-eslint';
import boundaries, { mayImport } from './boundaries.mjs';
import environment from './environment.mjs';
import outsideData from './outside-data.mjs';

const rules = { boundaries, environment, 'outside-data': outsideData } as unknown as Record<string, Rule.RuleModule>;

/** Messages of one rule for a text that stands at this path of the repository. */
function lint(rule: string, file: string, text: string): string[] {
  const linter = new Linter({ cwd: '/repository' });
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser as Linter.Parser },
    plugins: { berth: { rules } },
    rules: { [`berth/${rule}`]: 'error' as const },
  };
  return linter.verify(text, [config], { filename: `/repository/${file}` }).map((message) => message.message);
}

describe('boundaries', () => {
  test.each([
    ['libs/contracts/src/a.ts', 'zod', true],
    ['libs/contracts/src/a.ts', 'node:fs', false],
    ['libs/engines/scheduler/place.ts', '@berth/contracts', false],
    ['libs/engines/scheduler/place.spec.ts', 'fast-check', true],
    ['libs/api/src/a.ts', '@berth/contracts', true],
    ['libs/api/src/a.ts', '@berth/platform/errors', false],
    ['services/ipaas/src/service/service.ts', '@berth/engines/scheduler', true],
    ['services/ipaas/src/service/service.ts', 'services/ipaas/src/release/release.js', true],
    ['services/ipaas/src/service/service.ts', 'services/gateway/src/session/session.js', false],
    ['services/ipaas/src/service/service.ts', '@berth/testing', false],
    ['services/ipaas/src/service/service.int.spec.ts', '@berth/testing', true],
    ['services/web-portal/src/app.tsx', '@berth/platform/errors', false],
    ['services/web-portal/src/app.tsx', '@berth/api', true],
  ])('%s importing %s is %s', (file, target, allowed) => {
    expect(mayImport(file, target)).toBe(allowed);
  });

  test.each([
    ['kafkajs', 'services/ipaas/src/a.ts', 1],
    ['kafkajs', 'libs/platform/bus/consumer.ts', 0],
    ['@kubernetes/client-node', 'services/ipaas/src/a.ts', 1],
    ['@kubernetes/client-node', 'libs/clients/kubernetes/client.ts', 0],
    ['typeorm', 'services/ipaas/src/service/service.service.ts', 1],
    ['typeorm', 'services/ipaas/src/service/service.store.pg.ts', 0],
    ['typeorm', 'services/ipaas/src/migrations/1-core.ts', 0],
  ])('%s in %s gives %i errors', (target, file, errors) => {
    expect(lint('boundaries', file, `import x from '${target}'; export { x };`)).toHaveLength(errors);
  });

  test('a relative path that climbs out of a service is an error, also in a dynamic import', () => {
    expect(
      lint('boundaries', 'services/ipaas/src/a.ts', `export const x = () => import('../../gateway/src/b.js');`),
    ).toHaveLength(1);
  });
});

describe('environment', () => {
  test.each([
    ['services/ipaas/src/config.ts', 0],
    ['services/ipaas/src/service/service.service.ts', 1],
    ['libs/platform/config/read-config.ts', 0],
    ['libs/platform/bus/consumer.ts', 1],
  ])('process.env in %s gives %i errors', (file, errors) => {
    expect(lint('environment', file, 'export const x = process.env.HOME;')).toHaveLength(errors);
  });
});

describe('outside-data', () => {
  test.each([
    ['export const x = JSON.parse(text);', 1],
    ['export const x = JSON.parse(text) as Thing;', 1],
    ['export const x = Thing.parse(JSON.parse(text));', 0],
    ['export const x = JSON.parse(text) as unknown;', 0],
    ['export const x: unknown = JSON.parse(text);', 0],
  ])('%s gives %i errors', (text, errors) => {
    expect(lint('outside-data', 'libs/platform/bus/a.ts', text)).toHaveLength(errors);
  });
});
