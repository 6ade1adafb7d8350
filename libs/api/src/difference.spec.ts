import type { ServiceSpec } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { differences } from './difference.js';

const times = { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
const spec: ServiceSpec = {
  image: 'shop/cart:1.0',
  size: { cpuMillis: 1000, memoryMiB: 1024 },
  ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
  variables: [],
  readiness: { kind: 'tcp', port: 8080, ...times },
  liveness: null,
  startupAllowanceSeconds: 60,
  gracefulStopSeconds: 30,
  runAsUser: null,
  rolloutDeadlineSeconds: 300,
};
const side = (change: Partial<ServiceSpec> = {}, digest = 'a') => ({ spec: { ...spec, ...change }, image: { digest } });

describe('the difference of two releases', () => {
  test('equal releases have 0 differences', () => {
    expect(differences(side(), side())).toEqual([]);
  });

  test('image, size and 3 variables: added, removed, changed', () => {
    const before = side({
      variables: [
        { name: 'A', value: '1' },
        { name: 'B', value: '1' },
      ],
    });
    const after = side({
      image: 'shop/cart:1.1',
      size: { cpuMillis: 500, memoryMiB: 512 },
      variables: [
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ],
    });
    expect(differences(before, after)).toEqual([
      { field: 'image', from: 'shop/cart:1.0', to: 'shop/cart:1.1' },
      { field: 'size', from: '1 CPU · 1024 MiB', to: '0.5 CPU · 512 MiB' },
      { field: 'variable', name: 'A', from: '1', to: null },
      { field: 'variable', name: 'B', from: '1', to: '2' },
      { field: 'variable', name: 'C', from: null, to: '3' },
    ]);
  });

  test('ports, checks and a command as people write them', () => {
    const after = side({
      ports: [{ name: 'http', port: 9090, protocol: 'HTTP' }],
      readiness: { kind: 'http', port: 9090, path: '/ready', ...times },
      command: ['node', 'main.js'],
    });
    expect(differences(side(), after)).toEqual([
      { field: 'port', name: 'http', from: '8080/HTTP', to: '9090/HTTP' },
      { field: 'readiness', from: 'TCP :8080 · 10 s · 1 s · ×3', to: 'GET :9090/ready · 10 s · 1 s · ×3' },
      { field: 'command', from: null, to: 'node main.js' },
    ]);
  });

  test('4 names: one added, one removed, one with another address, one only in another line', () => {
    const before = side({
      hostAliases: [
        { ip: '10.2.0.15', hostnames: ['pay', 'ledger'] },
        { ip: '10.2.0.16', hostnames: ['audit'] },
      ],
    });
    const after = side({
      hostAliases: [
        { ip: '10.2.0.17', hostnames: ['ledger', 'risk'] },
        { ip: '10.2.0.15', hostnames: ['pay'] },
      ],
    });
    expect(differences(before, after)).toEqual([
      { field: 'hostAlias', name: 'audit', from: '10.2.0.16', to: null },
      { field: 'hostAlias', name: 'ledger', from: '10.2.0.15', to: '10.2.0.17' },
      { field: 'hostAlias', name: 'risk', from: null, to: '10.2.0.17' },
    ]);
  });

  test('a release from before there were names and one with 0 names have 0 differences', () => {
    expect(differences(side(), side({ hostAliases: [] }))).toEqual([]);
  });

  test('a secret is only ever its version', () => {
    const at = (version: number) => side({ variables: [{ name: 'KEY', secret: { name: 'KEY', version } }] });
    expect(differences(at(1), at(2))).toEqual([{ field: 'secret', name: 'KEY', from: 'v1', to: 'v2' }]);
  });

  test('the same version with another digest is 1 difference', () => {
    expect(differences(side({}, 'a'), side({}, 'b'))).toEqual([{ field: 'digest', from: 'a', to: 'b' }]);
  });
});
