export { Outbox, type Said, type Saying } from './outbox.js';
export { OutboxRelay, type RelayBus, type RelayedRecord } from './relay.js';
export { GroupCommit } from './group-commit.js';
export { outboxMigrations } from './outbox.migration.js';
