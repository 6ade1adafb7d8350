import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own lines in our format; its start-up chatter goes to debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug(String(message), fieldsOf(context));
  }
  warn(message: unknown, context?: unknown): void {
    this.logger.warn(String(message), fieldsOf(context));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(String(message), {
      ...fieldsOf(rest.at(-1)),
      ...(rest.length > 1 && { stack: String(rest[0]) }),
    });
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

function fieldsOf(context: unknown): { nest?: string } {
  return typeof context === 'string' ? { nest: context } : {};
}
