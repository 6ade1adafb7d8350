import { zhAdmin } from './admin.js';
import { zhCmdb } from './cmdb.js';
import { zhDeploy } from './deploy.js';
import { zhLogs } from './logs.js';
import { zhMetrics } from './metrics.js';
import { zhOperation } from './operation.js';
import { zhPlatform } from './platform.js';
import { zhService } from './service.js';

/** Texts of pages that are opened from there; they come right behind the first ones. */
export const zhLater = {
  ...zhMetrics,
  ...zhDeploy,
  ...zhService,
  ...zhLogs,
  ...zhCmdb,
  ...zhOperation,
  ...zhPlatform,
  ...zhAdmin,
};
