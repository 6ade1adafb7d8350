import { platformConfig, readConfig, type PlatformConfig } from '@berth/platform/config';

/** Nothing of its own yet. */
export const loadConfig = (): PlatformConfig => readConfig(platformConfig);
