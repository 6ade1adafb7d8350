import type { zh } from '../zh/index.js';
import { enAdmin } from './admin.js';
import { enCmdb } from './cmdb.js';
import { enDeploy } from './deploy.js';
import { enFrame } from './frame.js';
import { enLists } from './lists.js';
import { enLogs } from './logs.js';
import { enMetrics } from './metrics.js';
import { enNow } from './now.js';
import { enOperation } from './operation.js';
import { enPlatform } from './platform.js';
import { enProblems } from './problems.js';
import { enService } from './service.js';
import { enWhy } from './why.js';
import { enWords } from './words.js';

export const en: Record<keyof typeof zh, string> = {
  ...enFrame,
  ...enNow,
  ...enLists,
  ...enMetrics,
  ...enWords,
  ...enDeploy,
  ...enService,
  ...enLogs,
  ...enWhy,
  ...enCmdb,
  ...enOperation,
  ...enPlatform,
  ...enAdmin,
  ...enProblems,
};
