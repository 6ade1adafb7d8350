import type { KnownImage } from '@berth/api';
import type { ResolvedImage } from '@berth/contracts';
import { newestFirst } from './newest-first.js';

const mostRepositories = 50;
const mostVersions = 20;

/** The image of a service that the reader may see. */
export interface RunningImage {
  readonly project: string;
  readonly image: Pick<ResolvedImage, 'reference' | 'tag'>;
}

/** A repository that is offered to everybody, with what its registry has. */
export interface OfferedImage {
  readonly repository: string;
  readonly tags: readonly string[];
}

type Found = Omit<KnownImage, 'versions'> & { readonly tags: Set<string>; digest: string | null };

/** What the form offers: images of the project first, then those offered to everybody, then the others. */
export function knownImages(
  running: readonly RunningImage[],
  offered: readonly OfferedImage[],
  project: string | null,
): KnownImage[] {
  const found = new Map<string, Found>();
  const at = (repository: string, from: KnownImage['from']): Found => {
    const known = found.get(repository) ?? { repository, from, tags: new Set<string>(), digest: null };
    found.set(repository, known);
    return known;
  };
  const isOwn = (row: RunningImage) => row.project === project;
  const take = (row: RunningImage) => {
    const [repository = '', digest = ''] = row.image.reference.split('@');
    const known = at(repository, isOwn(row) ? 'project' : 'elsewhere');
    if (row.image.tag === null) known.digest = digest;
    else known.tags.add(row.image.tag);
  };
  running.filter(isOwn).forEach(take);
  for (const { repository, tags } of offered) for (const tag of tags) at(repository, 'offered').tags.add(tag);
  running.filter((row) => !isOwn(row)).forEach(take);
  return [...found.values()].slice(0, mostRepositories).map(withVersions);
}

function withVersions({ repository, from, tags, digest }: Found): KnownImage {
  const tagged = newestFirst([...tags]).map((tag) => ({ tag, image: `${repository}:${tag}` }));
  const untagged = digest === null ? [] : [{ tag: null, image: `${repository}@${digest}` }];
  return { repository, from, versions: [...tagged, ...untagged].slice(0, mostVersions) };
}
