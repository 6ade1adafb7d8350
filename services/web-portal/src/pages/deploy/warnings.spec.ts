import { describe, expect, test } from '@jest/globals';
import { emptySpec, type SpecDraft } from './draft.js';
import { warningsOf } from './warnings.js';

const image = {
  reference: 'shop/cart:1.0',
  repository: 'shop/cart',
  tag: '1.0',
  digest: `sha256:${'a'.repeat(64)}`,
  architecture: 'amd64',
  user: '1000',
  exposedPorts: [8080],
  sizeBytes: 1,
};
const big = { ...emptySpec, cpuMillis: 2000, memoryMiB: 4096 };
const probe = { ...emptySpec.liveness, kind: 'http' as const };
const keys = (spec: Partial<SpecDraft>, around: Partial<Parameters<typeof warningsOf>[1]> = {}) =>
  warningsOf({ ...big, ...spec }, { environment: 'prod', replicas: 2, image, ...around }).map((row) => row.key);

describe('warnings before a deploy', () => {
  test('2 replicas of 2 cores with a readiness check on the port of the image: 0 warnings', () => {
    expect(keys({})).toEqual([]);
  });

  test.each([
    ['nohup java -jar app.jar', true],
    ['sh -c "java -jar app.jar &"', false],
    ['java -jar app.jar &', true],
    ['catalina.sh start', true],
    ['catalina.sh run', false],
    ['nginx -g "daemon on;"', true],
    ['service nginx start', true],
    ['node main.js a&b', false],
    ['true && node main.js', false],
  ])('the command `%s` goes to the background: %s', (command, isWarned) => {
    expect(keys({ command: command.replaceAll(' ', '\n') }).includes('warning.foreground')).toBe(isWarned);
  });

  test('no readiness check; a check on a port that is none of its own; a liveness check that kills after 2 s', () => {
    expect(keys({ readiness: { ...probe, kind: 'none' } })).toEqual(['warning.noReadiness']);
    expect(keys({ readiness: { ...probe, port: 9 } })).toEqual(['warning.probePort']);
    expect(keys({ liveness: { ...probe, periodSeconds: 1, failureThreshold: 2 } })).toEqual(['warning.livenessQuick']);
  });

  test('1 core and 1 GB, or 1 replica, are a warning in production and not in development', () => {
    const small = { cpuMillis: 1000, memoryMiB: 1024 };
    expect(keys(small, { replicas: 1 })).toEqual(['warning.single', 'warning.size']);
    expect(keys(small, { replicas: 1, environment: 'dev' })).toEqual([]);
  });

  test.each([null, '', '0', 'root', '0:0', 'root:root'])('user %p of the image is root', (user) => {
    expect(keys({}, { image: { ...image, user } })).toEqual(['warning.root']);
  });

  test('user 1000 is not root, and neither is user 10', () => {
    expect(keys({}, { image: { ...image, user: '10' } })).toEqual([]);
  });
});
