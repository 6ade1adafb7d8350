import { zhAdmin } from './admin.js';
import { zhCmdb } from './cmdb.js';
import { zhDeploy } from './deploy.js';
import { zhFrame } from './frame.js';
import { zhLists } from './lists.js';
import { zhLogs } from './logs.js';
import { zhMetrics } from './metrics.js';
import { zhNow } from './now.js';
import { zhOperation } from './operation.js';
import { zhPlatform } from './platform.js';
import { zhProblems } from './problems.js';
import { zhService } from './service.js';
import { zhWhy } from './why.js';
import { zhWords } from './words.js';

/** Chinese is the first language: its keys are the keys. Words are those of the glossary. */
export const zh = {
  ...zhFrame,
  ...zhNow,
  ...zhLists,
  ...zhMetrics,
  ...zhWords,
  ...zhDeploy,
  ...zhService,
  ...zhLogs,
  ...zhWhy,
  ...zhCmdb,
  ...zhOperation,
  ...zhPlatform,
  ...zhAdmin,
  ...zhProblems,
};
