import { anIdentity, testIdentityKeys } from '@berth/testing';
import { describe, expect, test } from '@jest/globals';
import { covers, IdentitySigner, IdentityVerifier } from './index.js';

describe('an identity', () => {
  const { privateKey, publicKey } = testIdentityKeys();

  test('comes back as it was signed, and ends within 60 s', async () => {
    const given = anIdentity('ipaas', { scopes: ['shop/prod'], permissions: ['service.read'] });
    const identity = await new IdentityVerifier(publicKey, 'ipaas').verify(
      await new IdentitySigner(privateKey).sign(given),
    );
    expect(identity).toEqual({ ...given, expiresAt: expect.any(Date) });
    expect(identity.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
  });

  test('is refused by a service that it is not for, without a word of the token', async () => {
    const token = await new IdentitySigner(privateKey).sign(anIdentity('ipaas'));
    const refused = new IdentityVerifier(publicKey, 'codeflow').verify(token);
    await expect(refused).rejects.toThrow('"aud"');
    await expect(refused).rejects.not.toThrow(token.slice(0, 20));
  });

  test('with a permission of another version is refused', async () => {
    const token = await new IdentitySigner(privateKey).sign(
      anIdentity('ipaas', { permissions: ['moon.land' as never] }),
    );
    await expect(new IdentityVerifier(publicKey, 'ipaas').verify(token)).rejects.toThrow('of this version');
  });
});

describe('the reach of an identity', () => {
  test.each<[string[] | 'all', string, string | undefined, boolean]>([
    ['all', 'shop', 'prod', true],
    ['all', 'shop', undefined, true],
    [['shop/prod'], 'shop', 'prod', true],
    [['shop/prod'], 'shop', 'dev', false],
    [['shop/prod'], 'shop', undefined, true],
    [['shop/prod'], 'sho', undefined, false],
    [['shop/prod'], 'shop-two', 'prod', false],
    [[], 'shop', undefined, false],
  ])('%j covers %s in %s: %s', (scopes, project, environment, expected) => {
    expect(covers({ scopes }, { project, ...(environment && { environment }) })).toBe(expected);
  });
});
