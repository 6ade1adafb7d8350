import { enAdmin } from './admin.js';
import { enCmdb } from './cmdb.js';
import { enDeploy } from './deploy.js';
import { enLogs } from './logs.js';
import { enMetrics } from './metrics.js';
import { enOperation } from './operation.js';
import { enPlatform } from './platform.js';
import { enService } from './service.js';

/** Texts of pages that are opened from there; they come right behind the first ones. */
export const enLater = {
  ...enMetrics,
  ...enDeploy,
  ...enService,
  ...enLogs,
  ...enCmdb,
  ...enOperation,
  ...enPlatform,
  ...enAdmin,
};
