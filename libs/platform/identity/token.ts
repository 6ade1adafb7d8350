import type { ServiceName } from '@berth/contracts';
import { importPKCS8, importSPKI, jwtVerify, SignJWT } from 'jose';
import { messageOf } from '../errors/index.js';
import { Identity } from './identity.js';

const algorithm = 'EdDSA';
const issuer = 'gateway';
const lifetimeSeconds = 60;
/** Copies run on machines whose clocks differ a little. */
const toleranceSeconds = 5;

/** The token is not one that this service may accept. The message says why and quotes nothing of the token. */
export class IdentityRefused extends Error {
  override readonly name = 'IdentityRefused';
}

/** Signs identities; only the gateway has the private key. */
export class IdentitySigner {
  private readonly key: ReturnType<typeof importPKCS8>;

  /** @param privateKeyPem Ed25519, PKCS8 PEM. */
  constructor(privateKeyPem: string) {
    this.key = importPKCS8(privateKeyPem, algorithm);
    this.key.catch(() => undefined);
  }

  /** A compact JWS that lives 60 seconds. */
  async sign(identity: Omit<Identity, 'expiresAt'>): Promise<string> {
    const { userId, audience, ...claims } = identity;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: 'berth-identity' })
      .setIssuer(issuer)
      .setSubject(userId)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(await this.key);
  }
}

/** Checks identities for one service. */
export class IdentityVerifier {
  private readonly key: ReturnType<typeof importSPKI>;

  /** @param publicKeyPem Ed25519, SPKI PEM. */
  constructor(
    publicKeyPem: string,
    private readonly audience: ServiceName,
  ) {
    this.key = importSPKI(publicKeyPem, algorithm);
    this.key.catch(() => undefined);
  }

  /** @throws IdentityRefused for a bad signature, another audience, an expired or over-long life, or unknown claims. */
  async verify(token: string): Promise<Identity> {
    const key = await this.key;
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience: this.audience,
      typ: 'berth-identity',
      maxTokenAge: lifetimeSeconds,
      clockTolerance: toleranceSeconds,
      requiredClaims: ['sub', 'exp', 'iat'],
    }).catch((error: unknown) => {
      throw new IdentityRefused(messageOf(error));
    });
    const identity = Identity.safeParse({
      ...payload,
      userId: payload.sub,
      audience: this.audience,
      expiresAt: new Date((payload.exp ?? 0) * 1_000),
    });
    if (!identity.success) throw new IdentityRefused('the claims are not an identity of this version');
    return identity.data;
  }
}
