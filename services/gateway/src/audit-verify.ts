import { platformMigrations } from '@berth/platform/bootstrap';
import { SystemClock } from '@berth/platform/clock';
import { readConfig } from '@berth/platform/config';
import { messageOf } from '@berth/platform/errors';
import { createLogger } from '@berth/platform/log';
import { Database, migrate } from '@berth/platform/postgres';
import type { AuditFinding } from '@berth/api';
import { ChainStore } from './audit/chain.store.pg.js';
import { AuditVerifier } from './audit/verifier.js';
import { gatewayConfig, type GatewayConfig } from './config.js';
import { migrations } from './migrations/index.js';

const sentences: Readonly<Record<AuditFinding['kind'], string>> = {
  altered: 'was altered',
  removed: 'was removed',
  inserted: 'was inserted',
  rewritten: 'is not what an earlier check saw',
};

/**
 * Checks the chain of the audit log and says what it found. Runs beside the gateway with the gateway's environment and
 * needs its database only. Ends with 0 when every row is as it was written, with 2 when one is not.
 */
async function verifyAudit(config: GatewayConfig): Promise<number> {
  const log = createLogger({ service: 'gateway', instance: 'audit-verify', level: 'warn' });
  const database = new Database({ url: config.BERTH_POSTGRES_URL, poolSize: 2, name: 'gateway-audit-verify', log });
  try {
    await migrate(config.BERTH_POSTGRES_URL, [...platformMigrations, ...migrations], log);
    const result = await new AuditVerifier(database, new ChainStore(), new SystemClock()).verify('audit-verify');
    for (const { kind, sequence, lastSequence } of result.findings)
      say(`${sequence === lastSequence ? `Row ${sequence}` : `Rows ${sequence}–${lastSequence}`} ${sentences[kind]}.`);
    say(
      `${result.rows} rows checked in ${result.durationMs} ms, ${result.findings.length} findings. ` +
        `The chain ends with row ${result.headSequence}: ${result.headHash || 'it is empty'}`,
    );
    return result.findings.length === 0 ? 0 : 2;
  } finally {
    await database.close();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exitCode = await verifyAudit(readConfig(gatewayConfig));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
