export type { PlatformStatus } from './status.js';
export { readStatus } from './status.js';
export { readSettings, type Settings } from './config.js';
export { ApiUser, type Answer } from './sample/api-user.js';
