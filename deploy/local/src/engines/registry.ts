import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { expectHttp } from '../probe.js';
import { writeText } from '../state.js';
import type { ProcessSpec, ProcessUnit } from '../unit.js';
import { giveFile, ownDir } from '../user.js';

/** Where the host reaches the registry. */
export function registryUrl(context: Context): string {
  return context.settings.external.registry ?? `http://127.0.0.1:${context.ports.engine.registry}`;
}

export function registryUnit(context: Context): ProcessUnit {
  const port = context.ports.engine.registry;
  return {
    kind: 'process',
    name: 'registry',
    title: `OCI registry on 127.0.0.1:${port}`,
    group: 'engine',
    needs: [],
    process: () => Promise.resolve(registryProcess(context, 'registry', false)),
    ready: () => expectHttp(`${registryUrl(context)}/v2/`),
  };
}

/**
 * One process of the registry. Beside the one on the host there is a read-only one inside each cluster's network
 * namespace, over the same store: so pods' nodes pull from their own loopback and no port of the host is opened.
 */
export function registryProcess(context: Context, name: string, readOnly: boolean): ProcessSpec {
  const dir = ownDir(context.path('registry'), context.user);
  ownDir(join(dir, 'store'), context.user);
  const config = join(dir, `${name}.yaml`);
  const text = `version: 0.1
log: {level: warn, accesslog: {disabled: true}}
http:
  addr: 127.0.0.1:${context.ports.engine.registry}
  secret: ${context.secrets.registry}
storage:
  filesystem: {rootdirectory: ${JSON.stringify(join(dir, 'store'))}}
  delete: {enabled: true}
  maintenance: {uploadpurging: {enabled: false}, readonly: {enabled: ${readOnly}}}
`;
  writeText(config, text, 0o600);
  giveFile(config, context.user);
  return {
    command: ['docker-registry', 'serve', config],
    // Debian's build asks an OpenTelemetry collector otherwise.
    env: { ...context.settings.childEnv, OTEL_TRACES_EXPORTER: 'none' },
    cwd: dir,
    user: context.user,
    version: createHash('sha256').update(text).digest('hex'),
  };
}
