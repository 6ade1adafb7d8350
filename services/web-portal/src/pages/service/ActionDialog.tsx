import { routes } from '@berth/api';
import { Input, InputNumber } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Field } from '../../ui/Field.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { PlacementTable, usePlacement } from '../deploy/PlacementField.js';
import '../deploy/deploy.css';
import { useOperation } from './useOperation.js';

export type ActionName = 'scale' | 'restart' | 'stop' | 'start' | 'pause' | 'resume' | 'delete';

interface Props {
  readonly action: ActionName;
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly onClose: () => void;
}

/** One dialog for every action: what is hit by name and number, why (in production), and the button that does it. */
export function ActionDialog({ action, place, service, onClose }: Props) {
  const t = useT();
  const isProd = place.environment === 'prod';
  const total = service.placement?.total ?? service.desired;
  const [replicas, setReplicas] = useState(total);
  const [cause, setCause] = useState('');
  const [typed, setTyped] = useState('');
  const operation = useOperation({ onAccepted: onClose });
  const mustType = action === 'delete' && isProd;
  const blocked =
    (isProd && cause.trim() === '') ||
    (mustType && typed !== service.code) ||
    (action === 'scale' && replicas === total);

  const send = () => {
    const body = cause.trim() ? { cause: cause.trim() } : {};
    return operation.send([body, replicas], (idempotencyKey) => {
      const options = { params: place, idempotencyKey };
      const calls = {
        scale: () => call(routes.scaleService, { ...options, body: { ...body, replicas } }),
        restart: () => call(routes.restartService, { ...options, body }),
        stop: () => call(routes.stopService, { ...options, body }),
        start: () => call(routes.startService, { ...options, body }),
        pause: () => call(routes.pauseService, { ...options, body }),
        resume: () => call(routes.resumeService, { ...options, body }),
        delete: () => call(routes.deleteService, { ...options, query: body }),
      };
      return calls[action]();
    });
  };
  const isDanger = action === 'delete' || action === 'stop';
  return (
    <Dialog
      title={`${t(`action.${action}`)} ${service.code}`}
      environment={place.environment}
      okText={t(`dialog.${action}.ok`)}
      danger={isDanger}
      blocked={blocked}
      busy={operation.busy}
      testId={`dialog-${action}`}
      onOk={() => void send()}
      onClose={onClose}
    >
      {operation.error !== null && <ErrorNote error={operation.error} />}
      <div className={isProd ? 'dialog-hit in-prod' : 'dialog-hit'}>
        <p>
          {t(`dialog.${action}.hit`, {
            count: service.ready,
            clusters: service.clusters.filter((row) => row.desired > 0).length,
            name: `${place.project}/${place.environment}/${service.code}`,
            total,
          })}
        </p>
        <p className="faint">{t(`dialog.${action}.stays`)}</p>
      </div>
      {action === 'scale' && (
        <ScaleFields place={place} service={service} replicas={replicas} total={total} onChange={setReplicas} />
      )}
      <CauseField required={isProd && 'production'} value={cause} onChange={setCause} />
      {mustType && (
        <Field label={t('dialog.delete.type', { code: service.code })}>
          {(ids) => (
            <Input
              {...ids}
              className="mono"
              value={typed}
              data-testid="dialog-type"
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      )}
    </Dialog>
  );
}

interface ScaleProps {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly replicas: number;
  readonly total: number;
  readonly onChange: (replicas: number) => void;
}

function ScaleFields({ place, service, replicas, total, onChange }: ScaleProps) {
  const t = useT();
  const preview = usePlacement(service.size ? place : null, {
    size: service.size ?? { cpuMillis: 1000, memoryMiB: 1024 },
    replicas,
    policy: service.placement?.policy ?? { mode: 'spread', clusters: [], minPerCluster: 0 },
    service: service.code,
  });
  const direction = replicas > total ? 'up' : replicas < total ? 'down' : 'same';
  return (
    <>
      <Field label={t('deploy.replicas')} hint={t(`scale.${direction}`, { from: total, to: replicas })}>
        {(ids) => (
          <InputNumber
            {...ids}
            autoFocus
            size="large"
            mode="spinner"
            data-testid="scale-replicas"
            min={1}
            max={1000}
            value={replicas}
            onChange={(value) => onChange(value ?? total)}
          />
        )}
      </Field>
      <PlacementTable preview={preview} />
    </>
  );
}
