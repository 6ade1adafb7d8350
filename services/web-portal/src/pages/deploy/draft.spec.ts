import { ServiceSpec } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import {
  deployErrors,
  draftOf,
  emptyDeploy,
  emptySpec,
  formPath,
  secretsToSeal,
  SpecDraft,
  specErrors,
  specOf,
} from './draft.js';

const spec = { ...emptySpec, image: 'shop/cart:1.4.2' };
const draft = { ...emptyDeploy, code: 'cart', name: '购物车', spec };

describe('the draft of the deploy form', () => {
  test('the defaults with a code and an image have 0 errors: 1 core, 1 GB, TCP on the first port, 30 s, 300 s', () => {
    expect(deployErrors(draft)).toEqual({});
    expect(specOf(spec)).toMatchObject({
      size: { cpuMillis: 1000, memoryMiB: 1024 },
      readiness: { kind: 'tcp', port: 8080 },
      liveness: null,
      gracefulStopSeconds: 30,
      rolloutDeadlineSeconds: 300,
    });
  });

  test('a worker without ports has no readiness check', () => {
    expect(specOf({ ...spec, ports: [] }).readiness).toBeNull();
  });

  test('an error is under the path of its field', () => {
    const bad = {
      ...draft,
      code: 'kube-x',
      spec: { ...spec, ports: [{ name: 'http', port: 70_000, protocol: 'TCP' as const }] },
    };
    expect(Object.keys(deployErrors(bad))).toEqual(expect.arrayContaining(['code', 'spec.ports.0.port']));
  });

  test('the same variable twice is 1 error', () => {
    const row = { name: 'A', value: '1', secret: false, version: null };
    expect(Object.keys(specErrors({ ...spec, variables: [row, row] }))).toEqual(['spec.variables']);
  });

  test('a new secret refers to the version it was sealed as, an untouched one keeps its own', () => {
    const variables = [
      { name: 'NEW', value: 'x', secret: true, version: null },
      { name: 'OLD', value: '', secret: true, version: 3 },
    ];
    const withSecrets = { ...spec, variables };
    expect(secretsToSeal(withSecrets).map((row) => row.name)).toEqual(['NEW']);
    expect(specErrors(withSecrets)).toEqual({});
    expect(specOf(withSecrets, { NEW: 1 }).variables).toEqual([
      { name: 'NEW', secret: { name: 'NEW', version: 1 } },
      { name: 'OLD', secret: { name: 'OLD', version: 3 } },
    ]);
  });

  test('names of the form are errors of their own rows, and a row without anything is none', () => {
    const pay = { ip: '10.2.0.15', names: 'pay' };
    const errors = (...hostAliases: { ip: string; names: string }[]) =>
      Object.keys(specErrors({ ...spec, hostAliases }));
    expect(errors(pay, { ip: '', names: ' ' })).toEqual([]);
    expect(errors({ ip: '', names: '' }, pay, { ip: '10.2.0', names: 'a Localhost' })).toEqual([
      'spec.hostAliases.1.ip',
      'spec.hostAliases.1.hostnames.1',
    ]);
    expect(errors({ ip: '10.2.0.15', names: '' })).toEqual(['spec.hostAliases.0.hostnames']);
    expect(errors(pay, { ip: '10.2.0.16', names: 'pay' })).toEqual(['spec.hostAliases']);
  });

  test('a service without names sends no such field, so that nothing of it changes', () => {
    expect(specOf(spec)).not.toHaveProperty('hostAliases');
  });

  test('a draft that was kept before there were names is still read, with 0 names', () => {
    const { hostAliases, ...before } = spec;
    expect(SpecDraft.parse(before).hostAliases).toEqual(hostAliases);
  });

  test('a spec comes back from its draft unchanged', () => {
    const before = ServiceSpec.parse({
      ...specOf(spec),
      command: ['node', 'main.js'],
      hostAliases: [{ ip: 'fd00::8', hostnames: ['ledger', 'ledger.partner.example'] }],
      liveness: { kind: 'command', command: ['true'], periodSeconds: 9, timeoutSeconds: 1, failureThreshold: 2 },
      readiness: { kind: 'http', path: '/ready', port: 9, periodSeconds: 9, timeoutSeconds: 1, failureThreshold: 2 },
    });
    expect(ServiceSpec.parse(specOf(draftOf(before)))).toEqual(before);
  });

  test('3 ways of writing a path are one field', () => {
    expect(['body.spec.image', '/spec/image', 'spec.image'].map(formPath)).toEqual(Array(3).fill('spec.image'));
  });
});
