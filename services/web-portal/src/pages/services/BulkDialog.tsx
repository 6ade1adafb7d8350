import type { ServiceListItem } from '@berth/api';
import { InputNumber } from 'antd';
import { useState } from 'react';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { BulkProgress } from './BulkProgress.js';
import { planOf, type BulkAction } from './bulk.js';
import { rowKey } from './selection.js';
import { again, fresh, keyOfSent, sendAll, type Sent } from './send.js';

interface Props {
  readonly action: BulkAction;
  readonly rows: readonly ServiceListItem[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** First what would be touched and what is left out; then, in the same place, one operation for each service. */
export function BulkDialog({ action, rows, onDone, onClose }: Props) {
  const t = useT();
  const may = useMay();
  const nameOf = useClusterNames();
  const [replicas, setReplicas] = useState(2);
  const [cause, setCause] = useState('');
  const [typed, setTyped] = useState('');
  const [sent, setSent] = useState<ReadonlyMap<string, Sent> | null>(null);
  const plan = planOf(action, rows, may, replicas);
  const isBlocked =
    plan.hit.length === 0 || (plan.production > 0 && (cause.trim() === '' || typed.trim() !== String(plan.production)));

  const run = async (todo: readonly Sent[]) => {
    const put = (more: readonly Sent[]) =>
      setSent((before) => new Map([...(before ?? []), ...more.map((row) => [keyOfSent(row), row] as const)]));
    put(todo);
    await sendAll({ action, replicas, cause: cause.trim() }, todo, (row) => put([row]));
    onDone();
  };

  if (sent)
    return (
      <BulkProgress
        title={t(`bulk.title.${action}`)}
        sent={[...sent.values()]}
        onRetry={(refused) => void run(refused.map(again))}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      title={t(`bulk.title.${action}`)}
      {...(plan.production > 0 && { environment: 'prod' })}
      okText={t('bulk.ok', { action: t(`action.${action}`), count: plan.hit.length })}
      danger={action === 'stop'}
      blocked={isBlocked}
      busy={false}
      width={640}
      testId="dialog-bulk"
      onOk={() => void run(plan.hit.map(fresh))}
      onClose={onClose}
    >
      <p className={plan.production > 0 ? 'dialog-hit in-prod' : 'dialog-hit'} data-testid="bulk-hit">
        {t('bulk.hit', {
          services: plan.hit.length,
          containers: plan.containers,
          clusters: plan.clusters.map(nameOf).join(', ') || '–',
        })}
        {plan.production > 0 && <b> {t('bulk.production', { count: plan.production })}</b>}
        {plan.mayReachOthers && <span className="soft"> {t('bulk.others')}</span>}
      </p>
      {action === 'scale' && (
        <Field label={t('bulk.replicas')}>
          {(ids) => (
            <InputNumber
              {...ids}
              min={1}
              max={1000}
              value={replicas}
              onChange={(value) => setReplicas(value ?? 1)}
              data-testid="bulk-replicas"
            />
          )}
        </Field>
      )}
      <div className="bulk-rows" tabIndex={0} role="group" aria-label={t('bulk.rows')}>
        <table className="plain">
          <tbody>
            {plan.hit.map((row) => (
              <tr key={rowKey(row)}>
                <td>
                  <EnvironmentTag environment={row.environment} />
                </td>
                <td>
                  <b>{row.code}</b> <span className="soft">{row.name}</span> <small>{row.project}</small>
                </td>
                <td className="soft num">
                  {action === 'start'
                    ? t('now.replicas', { count: row.total ?? 0 })
                    : row.clusters.map(({ cluster, desired }) => `${nameOf(cluster)} ${desired}`).join(' · ')}
                </td>
              </tr>
            ))}
            {plan.left.map(({ row, reason }) => (
              <tr key={rowKey(row)} className="faint">
                <td>{row.environment && <EnvironmentTag environment={row.environment} />}</td>
                <td>{row.code}</td>
                <td>{t(`bulk.left.${reason}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Field label={t('deploy.cause')} required={plan.production > 0}>
        {(ids) => (
          <input
            {...ids}
            className="text-input wide"
            maxLength={500}
            value={cause}
            onChange={(event) => setCause(event.target.value)}
            data-testid="dialog-cause"
          />
        )}
      </Field>
      {plan.production > 0 && (
        <Field label={t('bulk.type', { count: plan.production })} required>
          {(ids) => (
            <input
              {...ids}
              className="text-input"
              inputMode="numeric"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              data-testid="dialog-type"
            />
          )}
        </Field>
      )}
    </Dialog>
  );
}
