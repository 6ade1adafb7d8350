import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { KeyPair } from './certificates.js';

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
export type KubeObject = z.infer<typeof objectSchema>;

export interface KubeAnswer {
  status: number;
  body: unknown;
}

/** The few calls that bringing up a cluster needs, over verified TLS with a client certificate. */
export class KubeApi {
  private readonly agent: Agent;

  constructor(
    private readonly server: string,
    authority: string,
    client: KeyPair,
  ) {
    this.agent = new Agent({
      ca: readFileSync(authority),
      cert: readFileSync(client.certificate),
      key: readFileSync(client.key),
      keepAlive: false,
    });
  }

  /** Any status is an answer; throws only when the server does not answer. */
  call(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<KubeAnswer> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': contentType };
      const outgoing = request(
        `${this.server}${path}`,
        { method, agent: this.agent, headers, timeout: 10_000 },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, body: decode(Buffer.concat(chunks).toString('utf8')) }),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${this.server} does not answer in 10 s`)));
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Reads one path; throws on anything but 200. */
  async read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const { status, body } = await this.call('GET', path);
    if (status !== 200) throw new Error(`GET ${path} answers ${status}`);
    return schema.parse(body);
  }

  /** Server-side apply of one object; safe to repeat. */
  async apply(object: KubeObject): Promise<void> {
    const path = `${pathOf(object)}?fieldManager=berth-local&force=true`;
    const { status, body } = await this.call('PATCH', path, object, 'application/apply-patch+yaml');
    if (status >= 300) throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${messageOf(body)}`);
  }
}

const plurals: Record<string, string> = {
  Namespace: 'namespaces',
  Service: 'services',
  EndpointSlice: 'endpointslices',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  StorageClass: 'storageclasses',
  PersistentVolume: 'persistentvolumes',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
};

export function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const plural = plurals[kind];
  if (!plural) throw new Error(`no path is known for objects of kind ${kind}`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace ? `/namespaces/${metadata.namespace}` : '';
  return `${root}${scope}/${plural}/${metadata.name}`;
}

/** All objects of a YAML file. */
export function parseManifests(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((value) => value !== null && value !== undefined)
    .map((value) => objectSchema.parse(value));
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function messageOf(body: unknown): string {
  const parsed = z.looseObject({ message: z.string() }).safeParse(body);
  return parsed.success ? parsed.data.message : '';
}
