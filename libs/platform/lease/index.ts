export { Leases, type LeaseOptions } from './leases.js';
export { LeaseLost, type Lease } from './held-lease.js';
export { leaseMigrations } from './lease.migration.js';
