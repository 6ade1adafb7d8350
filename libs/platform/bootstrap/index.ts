export { bootstrap, type RunningService } from './bootstrap.js';
export { CONFIG, InjectConfig, PlatformModule, type ServiceDefinition } from './platform.module.js';
export { platformMigrations } from './platform-migrations.js';
