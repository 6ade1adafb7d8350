import type { FindingKind } from './finding.js';

const signs: readonly (readonly [RegExp, FindingKind])[] = [
  [/InvalidImageName|invalid reference format|couldn't parse image/i, 'image_invalid'],
  [
    /no match for platform|no matching manifest|exec format error|does not match the specified platform/i,
    'image_wrong_architecture',
  ],
  // Docker Hub says both of a repository that is private and of one that is not there.
  [
    /unauthorized|authentication required|authorization failed|access denied|access to the resource is denied|no basic auth|insufficient_scope|\b401\b|\b403\b|forbidden/i,
    'image_unauthorized',
  ],
  [/manifest unknown|name unknown|not found|does not exist|repository .* unknown|\b404\b/i, 'image_not_found'],
  [
    /dial tcp|i\/o timeout|connection refused|connection reset|no such host|no route to host|tls|x509|\bEOF\b|deadline exceeded|toomanyrequests|\b50[0-4]\b/i,
    'registry_unreachable',
  ],
];

/** Which of the ways in which an image cannot be pulled the kubelet's words mean; null when they do not say. */
export function imageKindOf(words: string): FindingKind | null {
  // `ImagePullBackOff` repeats the error behind it; where it does not, the event of the first try has it.
  return signs.find(([sign]) => sign.test(words))?.[1] ?? null;
}

/** Host of an image name: the part before the first slash when it looks like a host. */
export function registryOf(image: string): string {
  const [head = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(head) ? head : 'docker.io';
}
