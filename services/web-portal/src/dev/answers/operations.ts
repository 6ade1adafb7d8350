import { problemOf, type Operation } from '@berth/api';
import { isFinal } from '@berth/contracts';
import { hint, refuse, type Answers } from '../call.js';
import { operations } from '../data/operations.js';
import { people } from '../data/people.js';

const named = (id: string | undefined): Operation =>
  operations.get(id ?? '') ?? (refuse('not_found', { what: '操作' }) as never);

/** Cancelling takes three seconds here: the clusters go back one after another. */
export const operationAnswers: Answers = {
  listNeighbours: ({ params }) => {
    const own = named(params.id);
    const items = [...operations.values()].filter((row) => row.target === own.target && row.id !== own.id);
    return { items: items.sort((a, b) => (a.acceptedAt < b.acceptedAt ? 1 : -1)).slice(0, 6) };
  },
  cancelOperation: ({ params, body }) => {
    const operation = named(params.id);
    if (isFinal(operation.state)) refuse('operation_ended', { state: operation.state });
    const now = () => new Date().toISOString();
    const cause = typeof body.cause === 'string' ? body.cause : null;
    operation.cancel = { actor: people.admin, at: now(), cause, refused: null };
    for (const step of operation.steps)
      if (step.state === 'running') Object.assign(step, { state: 'failed', endedAt: now() });
    for (const cluster of ['beijing', 'shanghai'])
      operation.steps.push({ name: 'undo', cluster, state: 'running', startedAt: now() });
    hint('operation', operation.id);
    setTimeout(() => {
      const params = { by: people.admin.name, outcome: 'back', stays: '', liveRelease: 7, ready: 4, desired: 4 };
      Object.assign(operation, { state: 'cancelled', endedAt: now(), problem: problemOf('cancelled', params) });
      hint('operation', operation.id);
    }, 3000);
    return { operationId: operation.id, target: operation.target };
  },
};
