import { routes, type ServiceListItem } from '@berth/api';
import type { EnvironmentName } from '@berth/contracts';
import { call } from '../../api/client.js';
import { ProblemError } from '../../api/problem.js';
import type { BulkAction } from './bulk.js';
import { rowKey } from './selection.js';

/** What became of one service's command. `wish` is its idempotency key. */
export type Sent = { readonly row: ServiceListItem; readonly wish: string } & (
  | { readonly state: 'sending' }
  | { readonly state: 'accepted'; readonly operationId: string }
  | { readonly state: 'refused'; readonly error: unknown }
);

export interface Wish {
  readonly action: BulkAction;
  readonly replicas: number;
  readonly cause: string;
}

/** So many commands are on their way at once. */
const together = 4;

/** Sends one command for each row, a few at a time, and tells of each what became of it. */
export async function sendAll(wish: Wish, rows: readonly Sent[], tell: (sent: Sent) => void): Promise<void> {
  const waiting = [...rows];
  const worker = async () => {
    for (let sent = waiting.shift(); sent; sent = waiting.shift()) {
      const { row, wish: key } = sent;
      await send(wish, row, key).then(
        ({ operationId }) => tell({ row, wish: key, state: 'accepted', operationId }),
        (error: unknown) => tell({ row, wish: key, state: 'refused', error }),
      );
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
}

/** A row to be sent: the same wish again where nothing answered (it may have arrived), a new one after a refusal. */
export function again(sent: Sent): Sent {
  const isUnanswered = sent.state === 'refused' && sent.error instanceof ProblemError && sent.error.status === 0;
  return { row: sent.row, wish: isUnanswered ? sent.wish : crypto.randomUUID(), state: 'sending' };
}

export const fresh = (row: ServiceListItem): Sent => ({ row, wish: crypto.randomUUID(), state: 'sending' });
export const keyOfSent = (sent: Sent) => rowKey(sent.row);

function send({ action, replicas, cause }: Wish, row: ServiceListItem, idempotencyKey: string) {
  const params = { project: row.project, environment: row.environment as EnvironmentName, service: row.code };
  const body = cause ? { cause } : {};
  const options = { params, idempotencyKey };
  if (action === 'scale') return call(routes.scaleService, { ...options, body: { ...body, replicas } });
  if (action === 'restart') return call(routes.restartService, { ...options, body });
  return call(action === 'stop' ? routes.stopService : routes.startService, { ...options, body });
}
