import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
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

const contextSchema = z.looseObject({ 'current-context': z.string().min(1) });

/** A cluster's name for Berth: its current context as a DNS label, or the file's name where there is none. */
export function nameOfKubeconfig(text: string, fileName: string): string {
  const parsed = contextSchema.safeParse(parse(text));
  const name = parsed.success ? parsed.data['current-context'] : fileName.replace(/\..*$/, '');
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return label || 'cluster';
}
