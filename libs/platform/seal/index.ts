import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

const base64 = z.base64();

/** A sealed text as a row: safe to store, useless without the key-encryption key, bound to what it was sealed for. */
export const SealedValue = z.strictObject({
  v: z.literal(1),
  /** Which key-encryption key wrapped the data key. */
  keyId: z.string(),
  /** Data key, encrypted: nonce (12), ciphertext (32), tag (16). */
  wrappedKey: base64,
  /** Text, encrypted with the data key: nonce (12), ciphertext, tag (16). */
  text: base64,
});
export type SealedValue = z.infer<typeof SealedValue>;

/** A value cannot be opened: another key, another row, or it was changed. Says nothing about the content. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Envelope encryption, AES-256-GCM: a fresh data key for every value, wrapped by the key-encryption key. `boundTo` (a
 * table and id, or a scope) is authenticated with both, so that a ciphertext copied to another row does not open.
 */
export class Seal {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly currentId: string;

  /**
   * @param material one key of 32 bytes in base64 a line. The first seals; the others only open what they sealed, so a
   * key is rotated by putting the new one in front.
   */
  constructor(material: string) {
    const keys = material
      .split(/[\s,]+/)
      .filter((line) => line !== '')
      .map((line) => Buffer.from(line, 'base64'));
    if (keys.length === 0 || keys.some((key) => key.length !== 32))
      throw new TypeError('the seal key must be one or more lines of 32 bytes in base64');
    this.keys = new Map(keys.map((key) => [keyIdOf(key), key]));
    this.currentId = keyIdOf(keys[0] as Buffer);
  }

  seal(plain: string, boundTo: string): SealedValue {
    const dataKey = randomBytes(32);
    return {
      v: 1,
      keyId: this.currentId,
      wrappedKey: encrypt(this.keyOf(this.currentId), dataKey, boundTo),
      text: encrypt(dataKey, Buffer.from(plain, 'utf8'), boundTo),
    };
  }

  /** @throws SealBroken */
  open(sealed: SealedValue, boundTo: string): string {
    const dataKey = decrypt(this.keyOf(sealed.keyId), sealed.wrappedKey, boundTo);
    return decrypt(dataKey, sealed.text, boundTo).toString('utf8');
  }

  /** True when the value was sealed by an older key and should be sealed again. */
  isStale(sealed: SealedValue): boolean {
    return sealed.keyId !== this.currentId;
  }

  private keyOf(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (!key) throw new SealBroken(`the key ${keyId} is not configured`);
    return key;
  }
}

function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('berth-seal-key-id').update(key).digest('hex').slice(0, 12);
}

function encrypt(key: Buffer, plain: Buffer, boundTo: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, boundTo: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(boundTo, 'utf8')).setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  } catch {
    throw new SealBroken('the value does not open here');
  }
}
