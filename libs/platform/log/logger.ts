import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { currentContext, traceIdOf } from './context.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
export type Fields = Readonly<Record<string, unknown>>;

/** Keys whose values never reach a log, at any of the first levels of a logged object. */
export const secretKeys = [
  'password',
  'passwords',
  'secret',
  'token',
  'authorization',
  'cookie',
  'set-cookie',
  'credential',
  'kubeconfig',
  'privateKey',
  'plain',
  'value',
  'berth-identity',
];

const redacted = secretKeys.flatMap((key) => {
  const quoted = key.includes('-') ? `["${key}"]` : `.${key}`;
  const top = key.includes('-') ? `["${key}"]` : key;
  return [top, `*${quoted}`, `*.*${quoted}`, `*.*.*${quoted}`];
});

/** Structured log. The message is a fixed sentence; what varies goes into fields. */
export class Logger {
  constructor(private readonly pino: Pino) {}

  debug(message: string, fields: Fields = {}): void {
    this.pino.debug(fields, message);
  }
  info(message: string, fields: Fields = {}): void {
    this.pino.info(fields, message);
  }
  /** Something is off, and the platform copes. `err` in the fields is written with its stack. */
  warn(message: string, fields: Fields = {}): void {
    this.pino.warn(fields, message);
  }
  /** Something needs a person. */
  error(message: string, fields: Fields = {}): void {
    this.pino.error(fields, message);
  }
  /** A log whose lines all carry these fields. */
  child(fields: Fields): Logger {
    return new Logger(this.pino.child(fields));
  }
}

/** JSON lines on stdout with service, instance, and the ids of the work at hand. */
export function createLogger(
  options: { service: string; instance: string; level: LogLevel },
  destination?: DestinationStream,
): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service, instance: options.instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redacted, censor: '***' },
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: contextFields,
  };
  return new Logger(destination ? pino(settings, destination) : pino(settings));
}

/** A log that says nothing, for specs. */
export function silentLogger(): Logger {
  return new Logger(pino({ level: 'silent' }));
}

function contextFields(): Record<string, string> {
  const context = currentContext();
  if (!context) return {};
  const traceId = traceIdOf(context.traceparent);
  return {
    correlationId: context.correlationId,
    ...(context.operationId && { operationId: context.operationId }),
    ...(traceId && { traceId }),
  };
}
