export { Handles, messageControllers, type MissingHandlers } from './handles.js';
export { BusServer, type BusServerOptions } from './bus-server.js';
export { BusProducer } from './producer.js';
export { kafkaAdmin, type KafkaOptions } from './kafka.js';
export { DeadLetters } from './dead-letters.js';
export { RetryLoop } from './retry-loop.js';
export { Inbox, type MessageHandlers } from './inbox.js';
export { busMigrations } from './bus.migration.js';
