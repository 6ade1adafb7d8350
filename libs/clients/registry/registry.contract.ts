import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SampleImage } from './fake-registry.js';
import type { RegistryClient, RegistryCredential } from './registry.js';

/** An open registry, one that wants `credential`, and a host where nothing answers. */
export interface ContractRegistry {
  readonly client: RegistryClient;
  readonly openHost: string;
  readonly protectedHost: string;
  readonly silentHost: string;
  readonly credential: RegistryCredential;
  /** Stores an image; answers with the digest of its manifest or manifest list. */
  readonly push: (sample: SampleImage) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Promises that services rely on, kept by a real registry and by the fake alike. */
export function registryContract(name: string, open: () => Promise<ContractRegistry>): void {
  describe(`the registry contract, kept by ${name}`, () => {
    let registry: ContractRegistry;
    let client: RegistryClient;
    const amd64 = { architecture: 'amd64' };

    beforeAll(async () => {
      registry = await open();
      client = registry.client;
    });
    afterAll(() => registry.close());

    test('a tag resolves to its digest, user, 2 ports, command and variables', async () => {
      const image = `${registry.openHost}/team/web:1.0`;
      const command = ['/bin/web', '--port', '8080'];
      const env = ['PATH=/bin', 'LANG=C.UTF-8'];
      const digest = await registry.push({ image, user: '1000', ports: ['9090/udp', '8080/tcp'].sort(), command, env });
      const resolved = await client.resolve(image, amd64);
      expect(resolved).toMatchObject({
        kind: 'resolved',
        reference: `${registry.openHost}/team/web@${digest}`,
        registry: registry.openHost,
        repository: 'team/web',
        tag: '1.0',
        digest,
        architecture: 'amd64',
        os: 'linux',
        user: '1000',
        exposedPorts: [
          { port: 8080, protocol: 'tcp' },
          { port: 9090, protocol: 'udp' },
        ],
        command,
        env,
      });
      expect(resolved.kind === 'resolved' && resolved.sizeBytes).toBeGreaterThan(0);
    });

    test('an image without settings runs as root, with no port and no command', async () => {
      const image = `${registry.openHost}/team/plain:1`;
      await registry.push({ image });
      expect(await client.resolve(image, amd64)).toMatchObject({ user: '', exposedPorts: [], command: [], env: [] });
    });

    test('a tag that moves gives another digest, and the old digest still resolves', async () => {
      const image = `${registry.openHost}/team/moving:latest`;
      const first = await registry.push({ image, user: '1' });
      const second = await registry.push({ image, user: '2' });
      expect(second).not.toBe(first);
      expect(await client.resolve(`${registry.openHost}/team/moving`, amd64)).toMatchObject({
        digest: second,
        user: '2',
        tag: 'latest',
      });
      await registry.push({ image: `${registry.openHost}/team/moving:old`, user: '1' });
      const byDigest = await client.resolve(`${registry.openHost}/team/moving@${first}`, amd64);
      expect(byDigest).toMatchObject({ kind: 'resolved', digest: first, user: '1' });
      expect(byDigest).not.toHaveProperty('tag');
    });

    test('a list for 2 architectures keeps its own digest, and gives the one that was asked', async () => {
      const image = `${registry.openHost}/team/multi:1`;
      const digest = await registry.push({ image, architectures: ['amd64', 'arm64'] });
      expect(await client.resolve(image, amd64)).toMatchObject({ digest, architecture: 'amd64' });
      expect(await client.resolve(image, { architecture: 'arm64' })).toMatchObject({ digest, architecture: 'arm64' });
    });

    test('another architecture is wrong_architecture with what there is, for a list of 2 and for a single image', async () => {
      const list = `${registry.openHost}/team/multi:2`;
      const single = `${registry.openHost}/team/single:2`;
      await registry.push({ image: list, architectures: ['arm64', 'amd64'] });
      await registry.push({ image: single, architectures: ['arm64'] });
      const ofList = await client.resolve(list, { architecture: 's390x' });
      expect(ofList).toMatchObject({ kind: 'wrong_architecture', available: ['amd64', 'arm64'] });
      expect(await client.resolve(single, amd64)).toMatchObject({ kind: 'wrong_architecture', available: ['arm64'] });
    });

    test.each(['team/web:9.9', 'team/nothing:1'])('%s is not_found, by resolve and by exists', async (path) => {
      expect(await client.resolve(`${registry.openHost}/${path}`, amd64)).toMatchObject({ kind: 'not_found' });
      expect(await client.exists(`${registry.openHost}/${path}`)).toMatchObject({ kind: 'not_found' });
    });

    test('without a credential and with a wrong one an image is unauthorized; no answer repeats the password', async () => {
      const image = `${registry.protectedHost}/team/secret:1`;
      const digest = await registry.push({ image });
      const wrong = { username: registry.credential.username, password: 'not-the-password' };
      const refused = await client.resolve(image, { ...amd64, credential: wrong });
      expect(await client.resolve(image, amd64)).toMatchObject({ kind: 'unauthorized' });
      expect(refused).toMatchObject({ kind: 'unauthorized' });
      expect(JSON.stringify(refused)).not.toContain(wrong.password);
      const { credential } = registry;
      expect(await client.resolve(image, { ...amd64, credential })).toMatchObject({ kind: 'resolved', digest });
      expect(await client.exists(image, { credential })).toEqual({ kind: 'exists', digest });
      expect(await client.tags(`${registry.protectedHost}/team/secret`)).toMatchObject({ kind: 'unauthorized' });
    });

    test('a host where nothing answers is unreachable', async () => {
      expect(await client.resolve(`${registry.silentHost}/team/web:1`, amd64)).toMatchObject({ kind: 'unreachable' });
      expect(await client.tags(`${registry.silentHost}/team/web`)).toMatchObject({ kind: 'unreachable' });
    });

    test('a name that is none is invalid_reference', async () => {
      expect(await client.resolve('Not An Image', amd64)).toMatchObject({ kind: 'invalid_reference' });
    });

    test('tags lists the 2 tags of a repository, and not_found for one that is not there', async () => {
      await registry.push({ image: `${registry.openHost}/team/tagged:1` });
      await registry.push({ image: `${registry.openHost}/team/tagged:2`, user: '2' });
      expect(await client.tags(`${registry.openHost}/team/tagged`)).toEqual({ kind: 'tags', tags: ['1', '2'] });
      expect(await client.tags(`${registry.openHost}/team/nothing`)).toMatchObject({ kind: 'not_found' });
    });

    test('an aborted call is unreachable', async () => {
      const signal = AbortSignal.abort();
      expect(await client.resolve(`${registry.openHost}/team/web:1.0`, { ...amd64, signal })).toMatchObject({
        kind: 'unreachable',
      });
    });
  });
}
