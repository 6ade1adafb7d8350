import type { ProblemKind } from './kind.js';

/** Parts of the platform. */
export const platformProblems = {
  service_unavailable: {
    status: 503,
    title: 'A part of the platform does not answer',
    detail: '{service} does not answer.',
    actor: 'wait',
    stillWorks: 'Running services are not touched; commands that were accepted are carried out later.',
    todo: 'Try again in a moment.',
  },
  metrics_unavailable: {
    status: 503,
    title: 'Measured values are not available',
    detail: 'Prometheus does not answer: {cause}.',
    actor: 'platform',
    stillWorks: 'Services run on. Readiness, restarts and changes are still shown; every action works.',
    todo: 'CPU and memory come back by themselves when Prometheus answers; what it measured meanwhile is shown then.',
  },
  metrics_range: {
    status: 422,
    title: 'The time range cannot be shown',
    detail: 'A range ends after it begins and is at most {days} days long.',
    actor: 'you',
    todo: 'Choose another range.',
  },
  internal: {
    status: 500,
    title: 'Something broke',
    detail: 'An error of the platform, not of yours. It is in the log under {correlationId}.',
    actor: 'platform',
    todo: 'Try again; tell the platform team the number if it stays so.',
  },
} as const satisfies Record<string, ProblemKind>;
