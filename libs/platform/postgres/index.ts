export { Database, type DatabaseOptions, type Tx } from './database.js';
export { isUniqueViolation } from './failures.js';
export { migrate, type Migration } from './migrate.js';
