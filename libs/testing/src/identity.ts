import { generateKeyPairSync } from 'node:crypto';
import type { ServiceName } from '@berth/contracts';
import type { Identity } from '@berth/platform/identity';

/** A fresh pair of keys for `IdentitySigner` and `IdentityVerifier`, as PEM. */
export function testIdentityKeys(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKey, publicKey };
}

/** An identity for one service, everywhere and with no permission unless given. */
export function anIdentity(audience: ServiceName, given: Partial<Identity> = {}): Omit<Identity, 'expiresAt'> {
  return {
    userId: 'u-1',
    userName: 'lin',
    sessionId: 's-1',
    audience,
    scopes: 'all',
    permissions: [],
    channel: 'portal',
    ...given,
  };
}
