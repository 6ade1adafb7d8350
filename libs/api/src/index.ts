export * from './problems.js';
export * from './rights.js';
export * from './route.js';
export * from './routes.js';
export { ownDeadLetterRoutes, type OwnDeadLetterRoutes } from './routes/dead-letters.js';
export * from './schemas/common.js';
export * from './schemas/session.js';
export * from './schemas/member.js';
export * from './schemas/audit.js';
export * from './schemas/dead-letter.js';
export * from './schemas/operation.js';
export * from './schemas/service.js';
export * from './schemas/cluster.js';
export * from './schemas/registry-credential.js';
export * from './schemas/image.js';
export * from './schemas/why.js';
export {
  differenceFields,
  differences,
  type Difference,
  type DifferenceField,
  type ReleaseSide,
} from './difference.js';
export * from './schemas/metrics.js';
export * from './schemas/project.js';
export * from './schemas/cmdb.js';
export * from './schemas/workbench.js';
export * from './openapi.js';
