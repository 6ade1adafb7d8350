import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { writeText } from '../state.js';
import type { KeyPair } from './certificates.js';

/** Writes a kubeconfig with everything inside, readable by its owner only. */
export function writeKubeconfig(file: string, name: string, server: string, authority: string, client: KeyPair): void {
  const data = (path: string) => readFileSync(path).toString('base64');
  const user = { 'client-certificate-data': data(client.certificate), 'client-key-data': data(client.key) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': data(authority) } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  writeText(file, stringify(config), 0o600);
}
