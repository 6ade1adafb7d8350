import type { Operation } from '@berth/api';
import type { OperationKind } from '@berth/contracts';
import { uuid } from '../data/basics.js';
import { operations } from '../data/operations.js';
import { people } from '../data/people.js';
import { hint } from '../call.js';

/** Opens an operation that goes through its steps in about six seconds. */
export function operate(
  kind: OperationKind,
  target: string,
  cause: unknown,
  end: (operation: Operation) => void,
): { operationId: string; target: string } {
  const now = () => new Date().toISOString();
  const operation: Operation = {
    id: uuid(),
    kind,
    target,
    state: 'accepted',
    actor: people.admin,
    cause: typeof cause === 'string' ? cause : null,
    acceptedAt: now(),
    startedAt: null,
    endedAt: null,
    deadlineAt: new Date(Date.now() + 300_000).toISOString(),
    steps: [],
    effect: null,
    problem: null,
    result: null,
    correlationId: uuid(),
    medianMs: 6500,
    cancel: null,
  };
  operations.set(operation.id, operation);
  const todo: [Operation['steps'][number]['name'], string?][] = [
    ['check'],
    ['split_replicas'],
    ['apply', 'beijing'],
    ['apply', 'shanghai'],
    ['pull', 'beijing'],
    ['pull', 'shanghai'],
    ['ready', 'beijing'],
    ['ready', 'shanghai'],
    ['finish'],
  ];
  const tick = (index: number) => {
    const last = operation.steps.at(-1);
    if (last) Object.assign(last, { state: 'done', endedAt: now() });
    const next = todo[index];
    operation.state = 'running';
    operation.startedAt ??= now();
    if (next) {
      operation.steps.push({ name: next[0], ...(next[1] && { cluster: next[1] }), state: 'running', startedAt: now() });
      setTimeout(() => tick(index + 1), 650);
    } else {
      operation.state = 'succeeded';
      operation.endedAt = now();
      end(operation);
      hint('service', target);
    }
    hint('operation', operation.id);
  };
  setTimeout(() => tick(0), 700);
  return { operationId: operation.id, target };
}
