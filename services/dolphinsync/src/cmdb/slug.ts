import { createHash } from 'node:crypto';

const longest = 31;

/**
 * The slug of a new project: from its code where that is plain text, else `p-` and a short hash. It is part of every
 * namespace and address, so it is minted once and kept through every rename.
 * @param seed names the project for ever (source and CMDB id); equal codes get different slugs by it.
 * @param taken slugs of all projects, retired ones too: a slug is never given twice.
 */
export function mintSlug(code: string, seed: string, taken: ReadonlySet<string>): string {
  const hash = createHash('sha256').update(seed).digest('hex');
  const base = plain(code) ?? `p-${hash.slice(0, 8)}`;
  if (!taken.has(base)) return base;
  for (let length = 4; length < hash.length; length += 1) {
    const slug = withSuffix(base, hash.slice(0, length));
    if (!taken.has(slug)) return slug;
  }
  throw new RangeError(`no free slug for ${code}`);
}

/** The code as a slug; null when it has letters that do not spell themselves in a-z. */
function plain(code: string): string | null {
  const text = code.normalize('NFKC').toLowerCase();
  if (/[^\p{ASCII}]/u.test(text)) return null;
  const dashed = trimmed(text.replace(/[^a-z0-9]+/g, '-'));
  if (dashed === '') return null;
  // Namespaces that begin with `kube-` belong to Kubernetes.
  const isUsable = /^[a-z][a-z0-9-]/.test(dashed) && !/^kube(-|$)/.test(dashed);
  return trimmed((isUsable ? dashed : `p-${dashed}`).slice(0, longest));
}

function withSuffix(base: string, suffix: string): string {
  return `${trimmed(base.slice(0, longest - suffix.length - 1))}-${suffix.slice(0, longest - 2)}`;
}

function trimmed(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}
