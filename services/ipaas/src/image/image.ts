import { problemOf } from '@berth/api';
import { parseImageReference, type RegistryFailure, type ResolvedImage as Found } from '@berth/clients/registry';
import type { Problem, ResolvedImage } from '@berth/contracts';
import { nearestTags } from './nearest-tags.js';

/** The image as contracts have it. `reference` names the digest, so a tag that moves changes nothing that runs. */
export function resolvedImageOf(found: Found): ResolvedImage {
  return {
    reference: found.reference,
    repository: found.repository,
    tag: found.tag ?? null,
    digest: found.digest,
    architecture: found.architecture,
    user: found.user === '' ? null : found.user,
    exposedPorts: [...new Set(found.exposedPorts.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port))],
    sizeBytes: found.sizeBytes,
  };
}

/** Why an image cannot be used: not a name, not there, no access, wrong architecture, or its registry is away. */
export function imageProblem(
  image: string,
  failure: RegistryFailure,
  {
    wanted,
    tags,
    login,
  }: {
    readonly wanted: string;
    /** What the repository has, where it says. */
    readonly tags: readonly string[];
    readonly login?: { readonly name: string; readonly userName: string } | undefined;
  },
): Problem {
  switch (failure.kind) {
    case 'invalid_reference':
      return problemOf('image_invalid', { image, cause: failure.detail });
    case 'not_found':
      return problemOf('image_not_found', { image }, tags.length > 0 ? { errors: tagRows(image, tags) } : {});
    case 'unauthorized':
      return login ? problemOf('credential_refused', { image, ...login }) : problemOf('image_unauthorized', { image });
    case 'wrong_architecture':
      return problemOf('image_wrong_architecture', { image, architectures: failure.available.join(', '), wanted });
    case 'unreachable':
      return problemOf('registry_unreachable', { registry: registryOf(image), cause: failure.detail });
  }
}

/** One row for each version that there is, the nearest to the one that was asked first. */
function tagRows(image: string, tags: readonly string[]): NonNullable<Problem['errors']> {
  const reference = parseImageReference(image);
  const asked = reference.kind === 'ok' ? (reference.tag ?? 'latest') : '';
  return nearestTags(asked, tags).map((tag) => ({
    path: 'spec.image',
    code: 'tag_exists',
    message: `there is ${tag}`,
    params: { tag },
  }));
}

/** Host of the registry that an image name means. */
export function registryOf(image: string): string {
  const reference = parseImageReference(image);
  return reference.kind === 'ok' ? reference.registry : image;
}

/** `host/repository` without tag and digest, or null when it is no image name. */
export function repositoryOf(image: string): string | null {
  const reference = parseImageReference(image);
  return reference.kind === 'ok' ? `${reference.registry}/${reference.repository}` : null;
}
