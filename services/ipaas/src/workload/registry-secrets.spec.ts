import { FakeCluster } from '@berth/clients/kubernetes';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { RegistrySecrets, RegistrySecretSource } from './registry-secrets.js';
import { TargetBook } from './target-book.js';
import { aSpec, aTarget } from './workload.builders.js';

class OneLogin extends RegistrySecretSource {
  versions() {
    return Promise.resolve(new Map([['shop-prod', new Map([['hub', 3]])]]));
  }
  open() {
    return Promise.resolve({ version: 3, dockerConfig: '{"auths":{}}' });
  }
}

const minute = 60_000;
const { signal } = new AbortController();
let fake: FakeCluster;
let nowMs: number;
let secrets: RegistrySecrets;

beforeEach(() => {
  fake = new FakeCluster();
  fake.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-prod' } });
  const book = new TargetBook();
  const target = aTarget({}, { spec: aSpec({ registryCredential: 'hub' }) });
  book.replace([target], [target]);
  nowMs = 1_000 * minute;
  const options = { client: fake.client(), installationId: 'spec', book, source: new OneLogin() };
  secrets = new RegistrySecrets(options, () => nowMs);
});

const there = () => fake.objects('Secret', 'shop-prod').map(({ metadata }) => metadata.name);

describe('the pull secrets of a namespace', () => {
  test('are found missing within 5 minutes when a hand deletes one, and are put back', async () => {
    await secrets.refresh();
    await secrets.sync('shop-prod', signal);
    expect(there()).toEqual(['berth-registry-hub']);

    const [secret] = fake.objects('Secret', 'shop-prod');
    const ref = { kind: 'Secret' as const, namespace: 'shop-prod', name: 'berth-registry-hub' };
    await fake.client().remove(ref, { uid: secret?.metadata.uid ?? '', propagation: 'Background' });
    fake.tick();
    expect(there()).toEqual([]);
    nowMs += 4 * minute;
    expect(await secrets.refresh()).toEqual([]);
    nowMs += minute;
    expect(await secrets.refresh()).toEqual(['shop-prod']);
    await secrets.sync('shop-prod', signal);
    expect(there()).toEqual(['berth-registry-hub']);
    expect(await secrets.refresh()).toEqual([]);
  });

  test('are not written over a Secret of the same name that is not ours', async () => {
    const metadata = { name: 'berth-registry-hub', namespace: 'shop-prod', labels: { team: 'other' } };
    fake.seed({ apiVersion: 'v1', kind: 'Secret', metadata, data: { key: 'dGhlaXJz' } });
    await secrets.refresh();
    await expect(secrets.sync('shop-prod', signal)).rejects.toMatchObject({ blocked: { code: 'foreign_object' } });
    expect(fake.objects('Secret', 'shop-prod')[0]).toMatchObject({ metadata, data: { key: 'dGhlaXJz' } });
  });
});
