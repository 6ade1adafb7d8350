import { routes, type Release } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { ProblemError } from '../../api/problem.js';
import { keyOf, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Field } from '../../ui/Field.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { clockText } from '../../ui/time.js';
import { imageVersion } from '../../ui/words.js';
import { PlacementTable, usePlacement } from '../deploy/PlacementField.js';
import '../deploy/deploy.css';
import { Difference } from './Difference.js';
import { obstacleTo } from './rollback.js';
import { useOperation } from './useOperation.js';

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly target: Release;
  /** What the clusters are told to run now: what serves, or what came to nothing on top of it. */
  readonly current: Release | null;
  readonly releases: readonly Release[];
  readonly onTarget: (number: number) => void;
  readonly onClose: () => void;
}

/** Back to what a release was: what changes, whether the clusters can take it, why, and two clicks. Off only with a reason. */
export function RollbackDialog({ place, service, target, current, releases, onTarget, onClose }: Props) {
  const t = useT();
  const client = useQueryClient();
  const isProd = place.environment === 'prod';
  const [cause, setCause] = useState('');
  // What the user looks at decides, not what a refresh brings in the meantime.
  const [etag, setEtag] = useState(service.etag);
  const operation = useOperation({
    onAccepted: onClose,
    onError: async (thrown) => {
      if (!(thrown instanceof ProblemError && thrown.status === 412)) return;
      await client.invalidateQueries({ queryKey: ['service', keyOf(place)] });
      const fresh = client.getQueryData<ServiceWithEtag>(['service', keyOf(place)]);
      if (fresh) setEtag(fresh.etag);
    },
  });
  const preview = usePlacement(place, {
    size: target.spec.size,
    replicas: service.placement?.total ?? service.desired,
    policy: service.placement?.policy ?? { mode: 'spread', clusters: [], minPerCluster: 0 },
    service: service.code,
  });
  const obstacle = obstacleTo(target, service);
  const isCauseMissing = isProd && cause.trim() === '';
  const reason = obstacle
    ? t(obstacle)
    : preview.data?.placeable === false
      ? t('deploy.notPlaceable')
      : isCauseMissing
        ? t('invalid.cause')
        : null;
  const send = () =>
    operation.send([target.number, cause, etag], (idempotencyKey) =>
      call(routes.rollbackService, {
        params: place,
        body: { toRelease: target.number, ...(cause.trim() && { cause: cause.trim() }) },
        ifMatch: etag,
        idempotencyKey,
      }),
    );
  return (
    <Dialog
      width={640}
      title={t('rollback.title', { code: service.code, release: target.number })}
      environment={place.environment}
      okText={t('rollback.ok', { release: target.number })}
      blocked={reason !== null}
      busy={operation.busy}
      testId="dialog-rollback"
      onOk={() => void send()}
      onClose={onClose}
    >
      {operation.error !== null && <ErrorNote error={operation.error} />}
      <p className="soft">{t('rollback.text')}</p>
      {service.candidate && <p className="note note-warn">{t('rollback.busy')}</p>}
      <Field label={t('rollback.choose')}>
        {(ids) => (
          <Select
            {...ids}
            value={target.number}
            data-testid="rollback-target"
            options={releases.map((row) => optionOf(t, row, obstacleTo(row, service)))}
            onChange={onTarget}
          />
        )}
      </Field>
      {current && current.number !== target.number && <Difference before={current} after={target} />}
      <h3 className="dialog-part">{t('rollback.check')}</h3>
      <PlacementTable preview={preview} />
      <CauseField required={isProd && 'production'} value={cause} onChange={setCause} />
      <p className="field-error" role="status" data-testid="rollback-reason">
        {reason}
      </p>
    </Dialog>
  );
}

/** A release to choose; one that cannot be gone back to says why. */
function optionOf(t: ReturnType<typeof useT>, row: Release, obstacle: ReturnType<typeof obstacleTo>) {
  const words = [
    `#${row.number}`,
    imageVersion(row.spec.image),
    row.live && t('release.live'),
    row.lastGood && t('release.lastGood'),
    clockText(row.createdAt),
    obstacle ? t(obstacle) : row.cause,
  ];
  return { value: row.number, label: words.filter(Boolean).join(' · '), disabled: obstacle !== null };
}
