export { ConfigInvalid, describeConfig, readConfig } from './read-config.js';
export { platformConfig, type PlatformConfig } from './platform-config.js';
