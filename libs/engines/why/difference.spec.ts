import { expect, test } from '@jest/globals';
import { differences, type Settings } from './difference.js';

const before: Settings = {
  image: 'shop/cart:1.4.1',
  size: { cpuMillis: 1000, memoryMiB: 1024 },
  variables: [
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'DB_URL', value: 'postgres://db' },
    { name: 'TOKEN', secret: { name: 'TOKEN', version: 1 } },
  ],
  readiness: { kind: 'http', port: 8080, path: '/ready' },
  liveness: null,
};

test('nothing when nothing changed, in whatever order keys are', () => {
  const readiness = { path: '/ready', port: 8080, kind: 'http' };
  expect(differences(before, { ...before, readiness })).toEqual([]);
});

test('image, size, each variable added, removed or changed, then the rest; a sealed value is its version', () => {
  const after: Settings = {
    ...before,
    image: 'shop/cart:1.4.2',
    size: { cpuMillis: 1000, memoryMiB: 512 },
    variables: [
      { name: 'LOG_LEVEL', value: 'debug' },
      { name: 'TOKEN', secret: { name: 'TOKEN', version: 2 } },
      { name: 'REGION', value: 'bj' },
    ],
    liveness: { kind: 'tcp', port: 8080 },
  };
  expect(differences(before, after)).toEqual([
    { field: 'image', from: 'shop/cart:1.4.1', to: 'shop/cart:1.4.2' },
    { field: 'size.memoryMiB', from: '1024', to: '512' },
    { field: 'variables.DB_URL', from: 'postgres://db', to: null },
    { field: 'variables.LOG_LEVEL', from: 'info', to: 'debug' },
    { field: 'variables.REGION', from: null, to: 'bj' },
    { field: 'variables.TOKEN', from: 'TOKEN v1', to: 'TOKEN v2' },
    { field: 'liveness', from: null, to: '{"kind":"tcp","port":8080}' },
  ]);
});
