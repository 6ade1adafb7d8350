export { Database, type DatabaseOptions, type Tx } from './database.js';
export { isRefusedData, isUniqueViolation } from './failures.js';
export { migrate, type Migration } from './migrate.js';
