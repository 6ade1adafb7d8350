import { routes, type AuditFinding } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { auditChainQuery } from '../../api/admin-queries.js';
import { call } from '../../api/client.js';
import { useT, type Translate } from '../../i18n/index.js';
import { Mark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago } from '../../ui/Time.js';

function findingText({ kind, sequence: from, lastSequence: to }: AuditFinding, t: Translate): string {
  return t.say(`audit.finding.${kind}`, { from, to }, kind);
}

/** Whether the log is what was written, by whom that was last looked at, and the button that looks again. */
export function AuditChainState() {
  const t = useT();
  const client = useQueryClient();
  const { data: chain } = useQuery(auditChainQuery);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const verify = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(routes.verifyAudit);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: auditChainQuery.queryKey });
    }
  };
  const last = chain?.verification;
  return (
    <span className="row chain-state" data-testid="audit-chain">
      {chain && !last && <Mark tone="unknown">{t('audit.neverVerified')}</Mark>}
      {last && (
        <>
          <Mark tone={last.findings.length === 0 ? 'ok' : 'bad'}>
            {last.findings.length === 0
              ? t('audit.verified', { rows: last.rows })
              : t('audit.broken', { count: last.findings.length })}
          </Mark>
          <span className="faint">
            {t('audit.verifiedBy', { by: last.by })} <Ago at={last.at} />
          </span>
        </>
      )}
      <Button size="small" loading={busy} onClick={() => void verify()} data-testid="verify-audit">
        {t(busy ? 'audit.verifying' : 'audit.verify')}
      </Button>
      {error !== null && <ErrorNote error={error} />}
      {last && last.findings.length > 0 && (
        <ul className="note note-bad findings" data-testid="audit-findings">
          {last.findings.slice(0, 10).map((finding) => (
            <li key={`${finding.kind}${finding.sequence}`}>{findingText(finding, t)}</li>
          ))}
        </ul>
      )}
    </span>
  );
}
