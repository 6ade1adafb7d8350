import { platformConfig, readConfig, type PlatformConfig } from '@berth/platform/config';

/** Nothing of its own: the CMDB pushes, so there is no address to pull from. */
export const loadConfig = (): PlatformConfig => readConfig(platformConfig);
