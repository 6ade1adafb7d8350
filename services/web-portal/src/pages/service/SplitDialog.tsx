import { routes } from '@berth/api';
import { isSamePolicy, type PlacementPolicy } from '@berth/contracts';
import { useState } from 'react';
import { call } from '../../api/client.js';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Dialog } from '../../ui/Dialog.js';
import { policyText } from '../../ui/effect.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { PlacementTable, PolicyFields, usePlacement } from '../deploy/PlacementField.js';
import '../deploy/deploy.css';
import { isStopped } from './reasons.js';
import { useOperation } from './useOperation.js';

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly onClose: () => void;
}

const anywhere: PlacementPolicy = { mode: 'spread', clusters: [], minPerCluster: 0 };

/** By which policy the replicas are split, and how they would be: the total stays. */
export function SplitDialog({ place, service, onClose }: Props) {
  const t = useT();
  const isProd = place.environment === 'prod';
  const now = service.placement?.policy ?? anywhere;
  const total = service.placement?.total ?? service.desired;
  const [policy, setPolicy] = useState(now);
  const [cause, setCause] = useState('');
  const operation = useOperation({ onAccepted: onClose });
  const preview = usePlacement(service.size ? place : null, {
    size: service.size ?? { cpuMillis: 1000, memoryMiB: 1024 },
    replicas: total,
    policy,
    service: service.code,
  });
  const isNowhere = policy.mode === 'pinned' && policy.clusters.length === 0;
  const blocked = isSamePolicy(policy, now) || isNowhere || (isProd && cause.trim() === '');

  const send = () => {
    const body = { policy, ...(cause.trim() && { cause: cause.trim() }) };
    return operation.send(body, (idempotencyKey) => call(routes.splitService, { params: place, idempotencyKey, body }));
  };
  const name = `${place.project}/${place.environment}/${service.code}`;
  return (
    <Dialog
      width={640}
      title={`${t('action.split')} ${service.code}`}
      environment={place.environment}
      okText={t('dialog.split.ok')}
      blocked={blocked}
      busy={operation.busy}
      testId="dialog-split"
      onOk={() => void send()}
      onClose={onClose}
    >
      {operation.error !== null && <ErrorNote error={operation.error} />}
      <div className={isProd ? 'dialog-hit in-prod' : 'dialog-hit'}>
        <p>{t('dialog.split.hit', { name, total, now: policyText(t, now) })}</p>
        <p className="faint">{t(isStopped(service) ? 'dialog.split.stopped' : 'dialog.split.stays')}</p>
      </div>
      <div className="columns2">
        <PolicyFields policy={policy} change={setPolicy} />
      </div>
      <PlacementTable preview={preview} />
      <CauseField required={isProd && 'production'} value={cause} onChange={setCause} />
    </Dialog>
  );
}
