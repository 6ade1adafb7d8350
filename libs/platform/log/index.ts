export { createLogger, Logger, secretKeys, silentLogger, type Fields, type LogLevel } from './logger.js';
export { currentContext, newTraceparent, traceIdOf, withContext, type WorkContext } from './context.js';
export { NestLogger } from './nest-logger.js';
