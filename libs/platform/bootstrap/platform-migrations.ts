import { busMigrations } from '../bus/index.js';
import { leaseMigrations } from '../lease/index.js';
import { outboxMigrations } from '../outbox/index.js';
import type { Migration } from '../postgres/index.js';

/** The platform's own tables; they come before those of the service. */
export const platformMigrations: readonly Migration[] = [...outboxMigrations, ...busMigrations, ...leaseMigrations];
