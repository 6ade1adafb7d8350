import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** What every log line and every message of one piece of work carries. */
export interface WorkContext {
  readonly correlationId: string;
  readonly operationId?: string;
  /** W3C trace context; its second part is the trace id. */
  readonly traceparent?: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

/** Runs `work` so that logs, outgoing messages and problems below it carry this context. */
export function withContext<T>(context: WorkContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the work at hand; undefined outside of any request or message. */
export function currentContext(): WorkContext | undefined {
  return storage.getStore();
}

/** Trace id of a traceparent, or undefined when there is none or it is not valid. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent?.match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/)?.[1];
}

/** A fresh root traceparent. */
export function newTraceparent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
