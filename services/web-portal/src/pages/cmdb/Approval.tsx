import { routes, type CmdbApproval, type CmdbPush } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { cmdb } from './queries.js';

/** A retirement that is so large that somebody must look at it; or who did, and why. */
export function Approval({ push, approval }: { push: CmdbPush; approval: CmdbApproval }) {
  const t = useT();
  const may = useMay();
  const client = useQueryClient();
  const [cause, setCause] = useState('');
  const [error, setError] = useState<unknown>(null);
  const decide = async (decision: 'approve' | 'reject') => {
    setError(null);
    try {
      await call(routes.decideCmdbApproval, { params: { push: push.id }, body: { decision, cause } });
      await client.invalidateQueries({ queryKey: [cmdb] });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <section className="panel" data-testid="approval">
      <header>
        <h2>{t(`cmdbApproval.${approval.state}`)}</h2>
        <span className="faint">
          {approval.by} {approval.cause}
        </span>
      </header>
      <p>{t('cmdb.approvalText', { rows: approval.rows, of: approval.of })}</p>
      {error !== null && <ErrorNote error={error} />}
      {approval.state === 'waiting' && may('cmdb.manage') && (
        <div className="row">
          <CauseField required value={cause} onChange={setCause} />
          <Button danger disabled={!cause.trim()} onClick={() => void decide('approve')}>
            {t('cmdb.approve')}
          </Button>
          <Button disabled={!cause.trim()} onClick={() => void decide('reject')}>
            {t('cmdb.reject')}
          </Button>
        </div>
      )}
    </section>
  );
}
