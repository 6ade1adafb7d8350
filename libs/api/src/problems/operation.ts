import type { ProblemKind } from './kind.js';

/** How operations end when they do not succeed. */
export const operationProblems = {
  rollout_deadline: {
    status: 504,
    title: 'Not ready in time',
    detail: 'After {seconds} seconds {ready} of {desired} containers of release #{release} are ready. {cause}',
    actor: 'you',
    stillWorks: '{stillServes}',
    todo: 'Look at the log and the events of the new containers, then correct and deploy again, or roll back.',
  },
  superseded: {
    status: 409,
    title: 'A newer change took its place',
    detail: 'A later {kind} of the same service replaced this one.',
    actor: 'wait',
  },
  cancelled: {
    status: 409,
    title: 'It was cancelled',
    detail: '{by} cancelled it.',
    actor: 'you',
    stillWorks: '{stays}',
  },
  operation_ended: {
    status: 409,
    title: 'It has ended already',
    detail: 'The operation has ended: {state}. Nothing was changed.',
    actor: 'you',
    todo: 'Look at what is so now; undo it with a change of its own.',
  },
  not_cancellable: {
    status: 409,
    title: 'It cannot be cancelled',
    detail: 'There is no way back from a {kind} once it is accepted.',
    actor: 'wait',
    todo: 'Wait until it has ended.',
  },
  dead_letter: {
    status: 500,
    title: 'The command could not be worked on',
    detail: 'The command was put aside after {attempts} tries: {reason}.',
    actor: 'platform',
    todo: 'The platform team looks at its dead letters.',
  },
  operation_deadline: {
    status: 504,
    title: 'Not finished in time',
    detail: 'The operation did not end within {seconds} seconds.',
    actor: 'platform',
    stillWorks: 'What ran keeps running.',
  },
} as const satisfies Record<string, ProblemKind>;
