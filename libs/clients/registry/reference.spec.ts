import { describe, expect, test } from '@jest/globals';
import { parseHostMirrors, registryOrigin } from './mirrors.js';
import { parseImageReference } from './reference.js';

const digest = `sha256:${'a'.repeat(64)}`;

describe('an image name', () => {
  test.each([
    ['nginx', { registry: 'docker.io', repository: 'library/nginx', tag: 'latest' }],
    ['nginx:1.27', { registry: 'docker.io', repository: 'library/nginx', tag: '1.27' }],
    ['bitnami/redis', { registry: 'docker.io', repository: 'bitnami/redis', tag: 'latest' }],
    ['index.docker.io/nginx', { registry: 'docker.io', repository: 'library/nginx', tag: 'latest' }],
    ['localhost/app:1', { registry: 'localhost', repository: 'app', tag: '1' }],
    [
      'registry.berth.local:5000/team/app:1.4.2',
      { registry: 'registry.berth.local:5000', repository: 'team/app', tag: '1.4.2' },
    ],
    ['registry:5000/app', { registry: 'registry:5000', repository: 'app', tag: 'latest' }],
    ['[::1]:5000/app:1', { registry: '[::1]:5000', repository: 'app', tag: '1' }],
    [`ghcr.io/a/b@${digest}`, { registry: 'ghcr.io', repository: 'a/b', digest }],
    [`ghcr.io/a/b:1@${digest}`, { registry: 'ghcr.io', repository: 'a/b', tag: '1', digest }],
  ])('%s is read with its defaults', (text, expected) => {
    expect(parseImageReference(text)).toEqual({ kind: 'ok', ...expected });
  });

  test.each([
    ['', 'not an image name'],
    ['Nginx', 'not an image name'],
    ['nginx:', 'not a tag'],
    ['nginx:-x', 'not a tag'],
    ['a//b', 'not an image name'],
    ['nginx@sha256:12', '64 hexadecimal'],
    [`a@${digest}@${digest}`, 'more than one @'],
    ['http://host/app', 'not a registry host'],
    ['user:pw@host/app', '64 hexadecimal'],
    ['-bad.example/app', 'not a registry host'],
    [`x${'/y'.repeat(400)}`, 'too long'],
  ])('%j is refused, because: %s', (text, why) => {
    expect(parseImageReference(text)).toEqual({ kind: 'invalid_reference', detail: expect.stringContaining(why) });
  });
});

describe('the mirrors of registry hosts', () => {
  test('send 1 host over HTTP, docker.io to its API host, and any other over HTTPS', () => {
    const mirrors = parseHostMirrors('registry.berth.local:5000=http://127.0.0.1:5000');
    expect(registryOrigin('registry.berth.local:5000', mirrors)).toBe('http://127.0.0.1:5000');
    expect(registryOrigin('docker.io', mirrors)).toBe('https://registry-1.docker.io');
    expect(registryOrigin('harbor.example', mirrors)).toBe('https://harbor.example');
  });

  test.each(['registry.berth.local', 'a=ftp://b', 'a=http://b/path', '=http://b'])('%s is refused', (text) => {
    expect(() => parseHostMirrors(text)).toThrow(RangeError);
  });
});
