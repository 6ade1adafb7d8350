import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { parseKubeconfig } from './kubeconfig.js';

const pem = (what: string) => Buffer.from(`-----BEGIN ${what}-----\nAA==\n-----END ${what}-----\n`).toString('base64');

function config(cluster: object = {}, user: object = { token: 'secret-token' }, top: object = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
    clusters: [
      {
        name: 'c',
        cluster: { server: 'https://10.0.0.1:6443/', 'certificate-authority-data': pem('CERTIFICATE'), ...cluster },
      },
    ],
    users: [{ name: 'u', user }],
    ...top,
  });
}

describe('a kubeconfig', () => {
  test('with a token gives server, CA and token', () => {
    expect(parseKubeconfig(config())).toMatchObject({
      kind: 'ok',
      context: 'main',
      connection: {
        server: 'https://10.0.0.1:6443',
        caPem: expect.stringContaining('BEGIN CERTIFICATE'),
        credential: { kind: 'token', token: 'secret-token' },
      },
    });
  });

  test('with a client certificate gives certificate and key', () => {
    const user = { 'client-certificate-data': pem('CERTIFICATE'), 'client-key-data': pem('PRIVATE KEY') };
    expect(parseKubeconfig(config({}, user))).toMatchObject({ connection: { credential: { kind: 'certificate' } } });
  });

  test.each([
    ['insecure_tls', config({ 'insecure-skip-tls-verify': true })],
    ['file_path', config({ 'certificate-authority': '/etc/ca.crt' })],
    ['file_path', config({}, { tokenFile: '/var/token' })],
    ['file_path', config({}, { 'client-certificate': 'a.crt', 'client-key': 'a.key' })],
    ['plugin', config({}, { exec: { command: 'aws' } })],
    ['plugin', config({}, { 'auth-provider': { name: 'gcp' } })],
    ['impersonation', config({}, { token: 't', as: 'admin' })],
    ['proxy', config({ 'proxy-url': 'http://proxy:3128' })],
    ['not_https', config({ server: 'http://10.0.0.1:8080' })],
    ['not_https', config({ server: 'nonsense' })],
    ['no_ca', config({ 'certificate-authority-data': undefined })],
    ['no_ca', config({ 'certificate-authority-data': 'bm90IGEgcGVt' })],
    ['no_credential', config({}, { username: 'a', password: 'b' })],
    ['no_credential', config({}, {}, { users: [] })],
    ['no_current_context', config({}, { token: 't' }, { 'current-context': 'other' })],
    ['not_a_kubeconfig', 'just: text'],
    ['not_a_kubeconfig', '{{{'],
    ['not_a_kubeconfig', `# ${'x'.repeat(300_000)}`],
  ])('is refused as %s', (code, text) => {
    const parsed = parseKubeconfig(text);
    expect(parsed).toMatchObject({ kind: 'refused', code });
    expect(JSON.stringify(parsed)).not.toContain('secret-token');
  });
});
