import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { KubeconfigProblem, ParsedKubeconfig } from './connection.js';

const cluster = z.object({
  server: z.string(),
  'certificate-authority-data': z.string().optional(),
  'certificate-authority': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

const user = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key-data': z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-key': z.string().optional(),
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
  as: z.string().optional(),
});

const kubeconfig = z.object({
  'current-context': z.string().optional(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster })),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })),
});

const maxLength = 256 * 1024;

/**
 * Reads one context out of a pasted kubeconfig. Everything must be inside the text: a file path would read our own
 * disk, a plugin would run a program here, and unverified TLS would hand the credential to anybody.
 */
export function parseKubeconfig(text: string, contextName?: string): ParsedKubeconfig {
  const config = readConfig(text);
  if (!config) return refused('not_a_kubeconfig', 'the text is not a kubeconfig with clusters, contexts and users');
  const wanted = contextName ?? (config['current-context'] || config.contexts[0]?.name);
  const context = config.contexts.find(({ name }) => name === wanted);
  const target = config.clusters.find(({ name }) => name === context?.context.cluster)?.cluster;
  const identity = config.users.find(({ name }) => name === context?.context.user)?.user;
  if (!context || !target)
    return refused('no_current_context', `context "${wanted ?? ''}" names no cluster of this text`);
  if (!identity) return refused('no_credential', `context "${context.name}" names no user of this text`);
  return clusterProblem(target) ?? userProblem(identity) ?? connect(context.name, target, identity);
}

function readConfig(text: string): z.output<typeof kubeconfig> | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return kubeconfig.safeParse(parseYaml(text)).data;
  } catch {
    return undefined;
  }
}

function clusterProblem(target: z.output<typeof cluster>): ParsedKubeconfig | undefined {
  if (target['insecure-skip-tls-verify'])
    return refused('insecure_tls', 'insecure-skip-tls-verify is set: the cluster must prove itself');
  if (target['certificate-authority'] !== undefined)
    return refused('file_path', 'certificate-authority is a path: use certificate-authority-data');
  if (target['proxy-url'] !== undefined) return refused('proxy', 'proxy-url is set: clusters are reached directly');
  if (!URL.canParse(target.server) || new URL(target.server).protocol !== 'https:')
    return refused('not_https', 'server is not an https address');
  if (target['certificate-authority-data'] === undefined)
    return refused('no_ca', 'certificate-authority-data is missing');
  return undefined;
}

function userProblem(identity: z.output<typeof user>): ParsedKubeconfig | undefined {
  if (identity.exec !== undefined)
    return refused('plugin', 'exec would run a program: use a token or a client certificate');
  if (identity['auth-provider'] !== undefined)
    return refused('plugin', 'auth-provider is a plugin: use a token or a client certificate');
  if (identity.as !== undefined) return refused('impersonation', 'impersonation (as) is not supported');
  const paths = (['tokenFile', 'client-certificate', 'client-key'] as const).filter(
    (key) => identity[key] !== undefined,
  );
  if (paths.length > 0) return refused('file_path', `${paths.join(', ')} is a path: put the content into the text`);
  return undefined;
}

function connect(context: string, target: z.output<typeof cluster>, identity: z.output<typeof user>): ParsedKubeconfig {
  const caPem = decodePem(target['certificate-authority-data']);
  if (!caPem) return refused('no_ca', 'certificate-authority-data is not a certificate');
  const tlsServerName = target['tls-server-name'];
  const base = { server: target.server.replace(/\/+$/, ''), caPem, ...(tlsServerName ? { tlsServerName } : {}) };
  // kubectl sends both where both are given; the token is the narrower of the two in practice.
  if (identity.token) {
    return { kind: 'ok', context, connection: { ...base, credential: { kind: 'token', token: identity.token } } };
  }
  const certPem = decodePem(identity['client-certificate-data']);
  const keyPem = decodePem(identity['client-key-data']);
  if (!certPem || !keyPem) return refused('no_credential', 'neither a token nor a client certificate with its key');
  return { kind: 'ok', context, connection: { ...base, credential: { kind: 'certificate', certPem, keyPem } } };
}

function decodePem(base64: string | undefined): string | undefined {
  const text = Buffer.from(base64 ?? '', 'base64').toString('utf8');
  return text.includes('-----BEGIN ') ? text : undefined;
}

function refused(code: KubeconfigProblem, detail: string): ParsedKubeconfig {
  return { kind: 'refused', code, detail };
}
