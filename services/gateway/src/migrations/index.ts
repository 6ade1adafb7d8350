import type { Migration } from '@berth/platform/postgres';
import { CreateAccounts1763719200000 } from './1763719200000-accounts.js';
import { CreateOperations1763719200001 } from './1763719200001-operations.js';
import { CreateAuditAndFeed1763719200002 } from './1763719200002-audit-and-feed.js';
import { CreateWorkbench1763719200010 } from './1763719200010-workbench.js';
import { ChainAuditBehindWrites1763719210000 } from './1763719210000-audit-chain.js';
import { ExplainMembers1763719210001 } from './1763719210001-members.js';
import { Cancels1763719210010 } from './1763719210010-cancels.js';
import { Samples1763719210020 } from './1763719210020-samples.js';

/** The schema of the gateway, oldest first. */
export const migrations: Migration[] = [
  CreateAccounts1763719200000,
  CreateOperations1763719200001,
  CreateAuditAndFeed1763719200002,
  CreateWorkbench1763719200010,
  ChainAuditBehindWrites1763719210000,
  ExplainMembers1763719210001,
  Cancels1763719210010,
  Samples1763719210020,
];
