import { routes, type Release } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { keyOf, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { clockText } from '../../ui/time.js';
import { imageVersion } from '../../ui/words.js';
import { PlacementTable, usePlacement } from '../deploy/PlacementField.js';
import '../deploy/deploy.css';
import { Difference } from './Difference.js';
import { obstacleTo } from './rollback.js';

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly target: Release;
  readonly live: Release | null;
  readonly releases: readonly Release[];
  readonly onTarget: (number: number) => void;
  readonly onClose: () => void;
}

/** Back to what a release was: what changes, whether the clusters can take it, why, and two clicks. */
export function RollbackDialog({ place, service, target, live, releases, onTarget, onClose }: Props) {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const isProd = place.environment === 'prod';
  const releaseText = (row: Release) =>
    [
      `#${row.number}`,
      imageVersion(row.spec.image),
      row.lastGood && t('release.lastGood'),
      clockText(row.createdAt),
      row.cause,
    ]
      .filter(Boolean)
      .join(' · ');
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // What the user looks at decides, not what a refresh brings in the meantime.
  const [etag, setEtag] = useState(service.etag);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const preview = usePlacement(place, {
    size: target.spec.size,
    replicas: service.placement?.total ?? service.desired,
    policy: service.placement?.policy ?? { mode: 'spread', clusters: [], minPerCluster: 0 },
    service: service.code,
  });
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const accepted = await call(routes.rollbackService, {
        params: place,
        body: { toRelease: target.number, ...(cause.trim() && { cause: cause.trim() }) },
        ifMatch: etag,
        idempotencyKey: key,
      });
      onClose();
      await navigate({ to: '/operations/$id', params: { id: accepted.operationId } });
    } catch (thrown) {
      setError(thrown);
      setKey(crypto.randomUUID());
      await client.invalidateQueries({ queryKey: ['service', keyOf(place)] });
      const fresh = client.getQueryData<ServiceWithEtag>(['service', keyOf(place)]);
      if (fresh) setEtag(fresh.etag);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      width={640}
      title={t('rollback.title', { code: service.code, release: target.number })}
      environment={place.environment}
      okText={t('rollback.ok', { release: target.number })}
      blocked={isProd && cause.trim() === ''}
      busy={busy}
      testId="dialog-rollback"
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <p className="soft">{t('rollback.text')}</p>
      {service.candidate && <p className="note note-warn">{t('rollback.busy')}</p>}
      <Field label={t('rollback.choose')}>
        {(ids) => (
          <Select
            {...ids}
            value={target.number}
            data-testid="rollback-target"
            options={releases
              .filter((row) => obstacleTo(row, service) === null)
              .map((row) => ({ value: row.number, label: releaseText(row) }))}
            onChange={onTarget}
          />
        )}
      </Field>
      {live && <Difference before={live} after={target} />}
      <h3 className="dialog-part">{t('rollback.check')}</h3>
      <PlacementTable preview={preview} />
      <Field label={t('deploy.cause')} required={isProd} hint={isProd ? t('deploy.causeHint') : null}>
        {(ids) => (
          <Input
            {...ids}
            value={cause}
            maxLength={500}
            data-testid="dialog-cause"
            onChange={(event) => setCause(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
