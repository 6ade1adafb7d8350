import type { RegistryFailure } from '@berth/clients/registry';
import { describe, expect, test } from '@jest/globals';
import { imageProblem, registryOf, repositoryOf, resolvedImageOf } from './image.js';

describe('why an image cannot be used', () => {
  const cases: [RegistryFailure, string, string][] = [
    [{ kind: 'invalid_reference', detail: 'no' }, 'image_invalid', 'hub.example/cart:1 is not a valid image name.'],
    [{ kind: 'not_found', detail: 'no' }, 'image_not_found', 'The registry has no hub.example/cart:1.'],
    [
      { kind: 'unauthorized', detail: 'no' },
      'image_unauthorized',
      'The registry wants a login for hub.example/cart:1.',
    ],
    [
      { kind: 'wrong_architecture', detail: 'no', available: ['arm64', 'riscv64'] },
      'image_wrong_architecture',
      'hub.example/cart:1 is built for arm64, riscv64; the clusters have amd64.',
    ],
    [{ kind: 'unreachable', detail: 'refused' }, 'registry_unreachable', 'hub.example does not answer: refused.'],
  ];

  test.each(cases)('%j is the problem %s', (failure, code, detail) => {
    expect(imageProblem('hub.example/cart:1', failure, { wanted: 'amd64', tags: [] })).toMatchObject({ code, detail });
  });
});

describe('image names', () => {
  test.each([
    ['nginx', 'docker.io', 'docker.io/library/nginx'],
    ['hub.example:5000/shop/cart:1.2', 'hub.example:5000', 'hub.example:5000/shop/cart'],
  ])('%s is at %s as %s', (image, registry, repository) => {
    expect(registryOf(image)).toBe(registry);
    expect(repositoryOf(image)).toBe(repository);
  });
});

test('what is frozen is the digest; ports are TCP ones, each once; no user means root', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const found = {
    kind: 'resolved' as const,
    reference: `hub.example/cart@${digest}`,
    registry: 'hub.example',
    repository: 'cart',
    tag: '1',
    digest,
    architecture: 'amd64',
    os: 'linux',
    user: '',
    exposedPorts: [
      { port: 80, protocol: 'tcp' as const },
      { port: 80, protocol: 'udp' as const },
      { port: 80, protocol: 'tcp' as const },
    ],
    sizeBytes: 5,
    command: [],
    env: [],
  };
  expect(resolvedImageOf(found)).toMatchObject({
    reference: `hub.example/cart@${digest}`,
    user: null,
    exposedPorts: [80],
  });
});
