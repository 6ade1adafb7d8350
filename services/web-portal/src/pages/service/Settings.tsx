import type { EnvironmentName, ServiceSpec } from '@berth/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useRef, useState, type FormEvent } from 'react';
import { ProblemError } from '../../api/problem.js';
import { keyOf, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Field, Panel } from '../../ui/Field.js';
import { Empty } from '../../ui/Loaded.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { draftOf, secretsToSeal, specErrors, specOf, type SpecDraft } from '../deploy/draft.js';
import { PortsField, SizeField } from '../deploy/fields.js';
import { ImageField, useResolvedImage } from '../deploy/ImageField.js';
import { MoreFields } from '../deploy/MoreFields.js';
import { attemptFor, upgrade, type Attempt } from '../deploy/submit.js';
import '../deploy/deploy.css';
import { differences } from './difference.js';

export function Settings({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  if (!service.spec) return <Empty title={t('settings.noSpec')} />;
  return <UpgradeForm place={place} service={service} spec={service.spec} />;
}

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly spec: ServiceSpec;
}

/** The spec as a form; sending it is a rolling upgrade. It is made on the version that was opened, and says so. */
function UpgradeForm({ place, service, spec }: Props) {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useMay();
  const isProd = place.environment === 'prod';
  const [base, setBase] = useState({ spec, etag: service.etag, version: service.specVersion });
  const [draft, setDraft] = useState<SpecDraft>(() => draftOf(spec));
  const [cause, setCause] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const attempt = useRef<Attempt | null>(null);
  const found = specErrors(draft);
  const fields = {
    spec: draft,
    change: (part: Partial<SpecDraft>) => setDraft((before) => ({ ...before, ...part })),
    errors: tried ? found : {},
  };
  const resolved = useResolvedImage(
    { project: place.project, environment: place.environment as EnvironmentName },
    draft.image,
    draft.registryCredential,
  );
  const isStale = service.specVersion !== base.version;
  const nowSpec = specOf(draft) as ServiceSpec;
  const changes = differences({ spec: base.spec, image: null }, { spec: nowSpec, image: null });
  const changed =
    changes.length + secretsToSeal(draft).length > 0 || resolved.data?.image.digest !== service.resolvedImage?.digest;

  const rebase = (keepDraft: boolean) => {
    setBase({ spec, etag: service.etag, version: service.specVersion });
    if (!keepDraft) setDraft(draftOf(spec));
    setRefusal(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(found).length > 0 || busy) return;
    setBusy(true);
    setRefusal(null);
    attempt.current = attemptFor([draft, cause, base.etag], attempt.current);
    try {
      const id = await upgrade(place, draft, cause, base.etag, attempt.current);
      await navigate({ to: '/operations/$id', params: { id } });
    } catch (thrown) {
      setRefusal(thrown);
      if (thrown instanceof ProblemError && thrown.status !== 0) attempt.current = null;
      if (thrown instanceof ProblemError && thrown.status === 412)
        await client.invalidateQueries({ queryKey: ['service', keyOf(place)] });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="settings stack" onSubmit={(event) => void submit(event)} data-testid="upgrade-form" noValidate>
      {isStale && (
        <div className="note note-warn" role="status" data-testid="stale-draft">
          <span>{t('settings.stale', { seen: base.version, current: service.specVersion })}</span>
          <span className="grow" />
          <Button size="small" onClick={() => rebase(true)} data-testid="stale-keep">
            {t('settings.keepDraft')}
          </Button>
          <Button size="small" onClick={() => rebase(false)} data-testid="stale-take">
            {t('settings.takeTheirs')}
          </Button>
        </div>
      )}
      {refusal !== null && <ErrorNote error={refusal} />}
      <Panel title={t('settings.run')}>
        <ImageField {...fields} resolved={resolved} />
        <SizeField {...fields} />
        <PortsField {...fields} />
      </Panel>
      <Panel title={t('settings.more')}>
        <MoreFields {...fields} />
      </Panel>
      <Panel title={t('settings.changes', { count: changes.length + secretsToSeal(draft).length })}>
        {changed ? (
          <ul className="difference">
            {changes.map((row) => (
              <li key={`${row.field}${row.name ?? ''}`}>
                <span className="soft">
                  {t(`difference.${row.field}`)} {row.name && <code>{row.name}</code>}
                </span>
                <span>
                  {row.from !== null && <del>{row.from}</del>} {row.to !== null && <ins>{row.to}</ins>}
                </span>
              </li>
            ))}
            {secretsToSeal(draft).map((row) => (
              <li key={row.name}>
                <span className="soft">
                  {t('difference.secret')} <code>{row.name}</code>
                </span>
                <ins>{t('difference.secretChanged')}</ins>
              </li>
            ))}
          </ul>
        ) : (
          <p className="faint">{t('difference.none')}</p>
        )}
        <Field label={t('deploy.cause')} required={isProd} hint={isProd ? t('deploy.causeHint') : null}>
          {(ids) => <Input {...ids} value={cause} maxLength={500} onChange={(event) => setCause(event.target.value)} />}
        </Field>
      </Panel>
      <div className="row submit-row">
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          loading={busy}
          disabled={!may('service.deploy', place) || isStale || !changed || (isProd && cause.trim() === '')}
          data-testid="upgrade-submit"
        >
          {isProd ? t('settings.submitProd') : t('action.upgrade')}
        </Button>
        {!may('service.deploy', place) && (
          <span className="field-error">{t('common.noRight', { right: t('right.service.deploy') })}</span>
        )}
      </div>
    </form>
  );
}
