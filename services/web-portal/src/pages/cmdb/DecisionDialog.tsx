import { routes, type CmdbVanished } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { InputNumber } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { hitOf, portions } from './decide.js';
import { cmdb } from './queries.js';

export interface Asked {
  readonly rows: readonly CmdbVanished[];
  readonly decision: 'retire' | 'keep';
}

/** One decision with one cause about one row or thousands; a portion that somebody else was quicker with stops it. */
export function DecisionDialog({ asked: { rows, decision }, onClose }: { asked: Asked; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [cause, setCause] = useState('');
  const [days, setDays] = useState(7);
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const hit = hitOf(rows);
  const [first] = rows;
  const decide = async () => {
    setDone(0);
    setError(null);
    try {
      const until = new Date(Date.now() + days * 86_400_000).toISOString();
      for (const ids of portions(rows.map(({ id }) => id))) {
        const body = decision === 'keep' ? { decision, ids, cause, until } : { decision, ids, cause };
        const { decided } = await call(routes.decideCmdbVanished, { body });
        setDone((before) => (before ?? 0) + decided);
      }
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      await client.invalidateQueries({ queryKey: [cmdb] });
    }
  };
  const verb = t(decision === 'keep' ? 'cmdb.keep' : 'cmdb.confirmRetire');
  return (
    <Dialog
      title={
        rows.length === 1 && first
          ? `${verb} ${first.name}`
          : `${verb} · ${t('cmdb.rowsCount', { count: rows.length })}`
      }
      {...(hit.production > 0 && { environment: 'prod' })}
      okText={verb}
      danger={decision === 'retire'}
      blocked={!cause.trim() || error !== null}
      busy={done !== null && error === null}
      testId="dialog-vanished"
      onOk={() => void decide()}
      onClose={onClose}
    >
      <p>{t(decision === 'keep' ? 'cmdb.keepText' : 'cmdb.retireText')}</p>
      {hit.production > 0 && <p className="dialog-hit in-prod">{t('cmdb.hitProduction', { count: hit.production })}</p>}
      {error !== null && <ErrorNote error={error} />}
      {done !== null && rows.length > 1 && <p role="status">{t('cmdb.decidedOf', { done, of: rows.length })}</p>}
      <CauseField required value={cause} onChange={setCause} />
      {decision === 'keep' && (
        <Field label={t('cmdb.keepDays')}>
          {(ids) => <InputNumber {...ids} min={1} max={365} value={days} onChange={(value) => setDays(value ?? 7)} />}
        </Field>
      )}
    </Dialog>
  );
}
