/** The parts of an image name, completed as Docker does: `nginx` is `docker.io/library/nginx:latest`. */
export interface ImageReference {
  /** Host with its port when it has one. */
  readonly registry: string;
  readonly repository: string;
  /** `latest` when neither tag nor digest is given. */
  readonly tag?: string;
  /** `sha256:…`; wins over the tag. */
  readonly digest?: string;
}

export type ParsedReference =
  ({ readonly kind: 'ok' } & ImageReference) | { readonly kind: 'invalid_reference'; readonly detail: string };

const host =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const path = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagName = /^\w[\w.-]{0,127}$/;
const digestName = /^sha256:[0-9a-f]{64}$/;

/** Never throws; `detail` says which part is wrong. */
export function parseImageReference(text: string): ParsedReference {
  if (text.length > 700) return invalid('the name is too long');
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0) return invalid('more than one @');
  if (digest !== undefined && !digestName.test(digest))
    return invalid('the digest is not sha256: and 64 hexadecimal digits');

  // A colon behind the last slash starts the tag; before it, a port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !tagName.test(tag)) return invalid(`"${tag.slice(0, 40)}" is not a tag`);

  const { registry, repository } = splitName(name);
  if (!host.test(registry)) return invalid(`"${registry.slice(0, 80)}" is not a registry host`);
  if (repository.length > 255 || !path.test(repository))
    return invalid(`"${repository.slice(0, 80)}" is not an image name`);
  const shown = tag ?? (digest === undefined ? 'latest' : undefined);
  return { kind: 'ok', registry, repository, ...(shown ? { tag: shown } : {}), ...(digest ? { digest } : {}) };
}

function splitName(name: string): { registry: string; repository: string } {
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = isHost ? first : 'docker.io';
  const repository = isHost ? rest.join('/') : name;
  if (registry === 'docker.io' || registry === 'index.docker.io') {
    return { registry: 'docker.io', repository: repository.includes('/') ? repository : `library/${repository}` };
  }
  return { registry, repository };
}

function invalid(detail: string): ParsedReference {
  return { kind: 'invalid_reference', detail };
}
