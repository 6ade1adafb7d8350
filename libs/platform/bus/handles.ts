import {
  catalogue,
  type DataOf,
  type HandlersFor,
  type Message,
  type MessageRow,
  type ServiceName,
} from '@berth/contracts';
import { UseFilters, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Tx } from '../postgres/index.js';
import { RethrowFilter } from './rethrow.filter.js';

type Handler<Row extends MessageRow> = (message: Message<DataOf<Row>>, tx: Tx) => Promise<void>;

const namesByType = new Map<string, string>(Object.entries(catalogue).map(([name, row]) => [row.type, name]));

/**
 * Marks the method that handles the messages of a row: `(message, tx) => Promise<void>`. It runs in the transaction of
 * the inbox row, so what it does with `tx` happens exactly once. It touches nothing but the database and ends within a
 * second. Throw `TransientError` to try again for ever, `InvalidMessage` to give up at once; any other error is tried
 * 5 times. A state row's `data` is null for the tombstone.
 */
export function Handles<Row extends MessageRow>(row: Row) {
  return <Method extends Handler<Row>>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const expected = namesByType.get(row.type);
    if (expected !== undefined && expected !== name)
      throw new TypeError(`the method that handles ${row.type} must be called ${expected}, not ${String(name)}`);
    const mark = EventPattern(row.type) as unknown as MethodDecorator;
    mark(target, name, descriptor);
    // Nest passes only what is asked for by position: the message, and as its context the transaction.
    Payload()(target, name, 0);
    Ctx()(target, name, 1);
    UseFilters(RethrowFilter)(target, name, descriptor);
  };
}

type Controllers = readonly Type<object>[];
type Together<C extends Controllers> = (
  C[number] extends Type<infer Instance> ? (Instance extends unknown ? (instance: Instance) => void : never) : never
) extends (all: infer All) => void
  ? All
  : never;

/** What the compiler shows when handlers are missing or have another message: their names. */
export interface MissingHandlers<Names> {
  readonly 'these messages have no handler, or one of another type': Names;
}

type Missing<S extends ServiceName, All> = {
  [Name in keyof HandlersFor<S, Tx>]: All extends Pick<HandlersFor<S, Tx>, Name> ? never : Name;
}[keyof HandlersFor<S, Tx>];

type Complete<S extends ServiceName, C extends Controllers> = [Missing<S, Together<C>>] extends [never]
  ? C
  : MissingHandlers<Missing<S, Together<C>>>;

/**
 * The message controllers of a service. Does not compile while a message that the catalogue sends to the service has no
 * method: `controllers: messageControllers<'ipaas'>()(DeployMessages, PlacementMessages)`.
 */
export function messageControllers<S extends ServiceName>() {
  return <C extends Type<object>[]>(...controllers: C): Complete<S, C> => controllers as unknown as Complete<S, C>;
}
