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
    title: 'The cluster did not become ready',
    detail: '{server}: {cause}.',
    actor: 'you',
    todo: 'Check the address and that the platform may reach it.',
  },
  kubeconfig_invalid: { status: 422, title: 'The kubeconfig cannot be used', detail: '{reason}', actor: 'you' },
  cluster_in_use: {
    status: 409,
    title: 'The cluster is in use',
    detail: '{count} services have their place in {cluster}: {services}.',
    actor: 'you',
    stillWorks: 'The cluster stays as it is.',
    todo: 'Move or delete those services first.',
  },
} as const satisfies Record<string, ProblemKind>;
