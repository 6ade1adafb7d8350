import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.js';

/** Who a certificate is for. Kubernetes reads the name as the user and the organisations as its groups. */
export interface Subject {
  commonName: string;
  organisations?: string[];
  /** DNS names and addresses of a server, as `DNS:name` or `IP:address`; absent = a client. */
  names?: string[];
}

export interface KeyPair {
  certificate: string;
  key: string;
}

const days = '3650';
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of its own for each cluster; openssl writes keys with mode 0600. */
export class Authority {
  readonly ca: KeyPair;

  constructor(readonly dir: string) {
    this.ca = this.pair('ca');
  }

  pair(name: string): KeyPair {
    return { certificate: join(this.dir, `${name}.crt`), key: join(this.dir, `${name}.key`) };
  }

  async ensureAuthority(commonName: string): Promise<void> {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    await this.once(this.ca, async (part) => {
      const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature'];
      const files = ['-keyout', part.key, '-out', part.certificate];
      await run('openssl', [
        'req',
        '-x509',
        ...newKey,
        ...files,
        '-subj',
        `/CN=${commonName}`,
        '-days',
        days,
        ...usage,
      ]);
    });
  }

  /** Issues the certificate once; a later call returns the same files. */
  async ensure(name: string, subject: Subject): Promise<KeyPair> {
    const pair = this.pair(name);
    await this.once(pair, async (part) => {
      const request = `${part.certificate}.csr`;
      const extensions = `${part.certificate}.ext`;
      const organisations = (subject.organisations ?? []).map((name) => `/O=${name}`).join('');
      writeFileSync(extensions, extensionText(subject));
      await run('openssl', [
        'req',
        '-new',
        ...newKey,
        '-keyout',
        part.key,
        '-out',
        request,
        '-subj',
        `${organisations}/CN=${subject.commonName}`,
      ]);
      const signer = ['-CA', this.ca.certificate, '-CAkey', this.ca.key, '-days', days];
      await run('openssl', [
        'x509',
        '-req',
        '-in',
        request,
        '-out',
        part.certificate,
        ...signer,
        '-extfile',
        extensions,
      ]);
      for (const file of [request, extensions]) rmSync(file);
    });
    return pair;
  }

  /** Key of the service accounts' tokens. */
  async ensureSigningKey(): Promise<{ publicKey: string; privateKey: string }> {
    const keys = {
      publicKey: join(this.dir, 'service-account.pub'),
      privateKey: join(this.dir, 'service-account.key'),
    };
    if (!existsSync(keys.publicKey)) {
      await run('openssl', [
        'genpkey',
        '-algorithm',
        'EC',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-out',
        keys.privateKey,
      ]);
      await run('openssl', ['pkey', '-in', keys.privateKey, '-pubout', '-out', keys.publicKey]);
    }
    return keys;
  }

  /** The certificate appears last, so one without its key is never seen. */
  private async once(pair: KeyPair, make: (part: KeyPair) => Promise<void>): Promise<void> {
    if (existsSync(pair.certificate)) return;
    const part = { certificate: `${pair.certificate}.part`, key: `${pair.key}.part` };
    await make(part);
    renameSync(part.key, pair.key);
    renameSync(part.certificate, pair.certificate);
  }
}

function extensionText({ names }: Subject): string {
  const lines = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature'];
  if (names)
    return [...lines, 'extendedKeyUsage=serverAuth,clientAuth', `subjectAltName=${names.join(',')}`, ''].join('\n');
  return [...lines, 'extendedKeyUsage=clientAuth', ''].join('\n');
}
