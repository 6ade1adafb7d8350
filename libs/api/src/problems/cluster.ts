import type { ProblemKind } from './kind.js';

/** Clusters. */
export const clusterProblems = {
  cluster_exists: {
    status: 409,
    title: 'The cluster is registered already',
    detail: 'There is a cluster {cluster}.',
    actor: 'you',
  },
  cluster_unreachable: {
    status: 422,
    title: 'The cluster cannot be reached',
    detail: '{server} does not answer: {cause}.',
    actor: 'you',
    todo: 'Check the address and that the platform may reach it.',
  },
  kubeconfig_invalid: { status: 422, title: 'The kubeconfig cannot be used', detail: '{reason}', actor: 'you' },
} as const satisfies Record<string, ProblemKind>;
