import { problemOf, routeTable, type Route } from '@berth/api';
import {
  cancelPlacementOperation,
  cancelServiceOperation,
  isCancellable,
  isFinal,
  type MessageRow,
  type Problem,
} from '@berth/contracts';
import type { OperationRow } from './operations.js';

/** Which command cancels, by the service that conducts. */
const commands: Readonly<Record<string, MessageRow>> = {
  ipaas: cancelServiceOperation as unknown as MessageRow,
  'cluster-mgr': cancelPlacementOperation as unknown as MessageRow,
};

/** How an operation is cancelled. */
export interface Way {
  /** The route that opens such operations: its right is the right to cancel them. */
  readonly route: Route;
  readonly command: MessageRow;
}

/** The way to cancel operations of a kind; undefined when there is none. */
export function wayToCancel(kind: OperationRow['kind']): Way | undefined {
  const route = routeTable.find((row) => row.command?.operation === kind);
  const command = route && commands[route.owner];
  return route && command && isCancellable(kind) ? { route, command } : undefined;
}

/** Why an operation cannot be cancelled, as it stands here; its conductor has the last word. */
export function whyNotCancellable({ kind, state }: Pick<OperationRow, 'kind' | 'state'>): Problem | null {
  if (isFinal(state)) return problemOf('operation_ended', { state });
  return wayToCancel(kind) ? null : problemOf('not_cancellable', { kind });
}

/** True while a cancel is on its way or carried out: another one would add nothing. */
export function isBeingCancelled({ cancel }: Pick<OperationRow, 'cancel'>): boolean {
  return cancel !== null && cancel.refused === null;
}
