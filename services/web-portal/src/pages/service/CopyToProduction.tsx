import type { ServiceSpec } from '@berth/contracts';
import { differences } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ProblemError } from '../../api/problem.js';
import { serviceQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Dialog } from '../../ui/Dialog.js';
import { Facts } from '../../ui/Field.js';
import { Skeleton } from '../../ui/Loaded.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { imageVersion, sizeText } from '../../ui/words.js';
import { specOf, type SpecDraft } from '../deploy/draft.js';
import { keepDraft } from '../deploy/kept.js';
import { freshDeploy, keyOfDeploy, withoutValues } from '../deploy/kept-deploy.js';
import { basesOf, type Base } from './bases.js';
import { copiedTo, secretsToAsk } from './copy.js';
import { DifferenceRows } from './Difference.js';
import { freshUpgrade, keyOfUpgrade, withoutUpgradeValues } from './kept-upgrade.js';

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly onClose: () => void;
}

/**
 * Copy to production: what this environment runs, as an upgrade of production's instance or as its first deploy. It is looked
 * through here and sent from the form, where the secrets are asked for.
 */
export function CopyToProduction({ place, service, onClose }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const [cause, setCause] = useState('');
  const production: ServicePlace = { ...place, environment: 'prod' };
  const query = useQuery({ ...serviceQuery(production), retry: false });
  const isAbsent =
    (query.error instanceof ProblemError && query.error.status === 404) || (query.data && query.data.uid === null);
  const there = query.data?.uid ? query.data : null;
  const [newest] = there ? basesOf(there) : [];
  const { spec } = service;
  if (!spec) return null;
  const draft = copiedTo(newest?.spec ?? null, spec);
  const go = () => {
    onClose();
    if (there && newest) {
      const kept = { ...freshUpgrade(newest, there), draft, cause: cause.trim(), copiedFrom: fromOf(service) };
      keepDraft({ key: keyOfUpgrade(production), withoutSecrets: withoutUpgradeValues }, kept);
      return navigate({
        to: '/p/$project/$env/services/$code/$tab',
        params: { project: place.project, env: 'prod', code: place.service, tab: 'settings' },
        search: {},
      });
    }
    layDeploy(place, service, draft, cause.trim());
    return navigate({
      to: '/p/$project/$env/deploy',
      params: { project: place.project, env: 'prod' },
      search: { code: place.service },
    });
  };
  const isReady = Boolean(isAbsent) || newest !== undefined;
  return (
    <Dialog
      width={640}
      title={t('copy.title', { code: service.code })}
      environment="prod"
      okText={t(there ? 'copy.toSettings' : 'copy.toDeploy')}
      blocked={!isReady || cause.trim() === ''}
      busy={false}
      testId="dialog-copy"
      onOk={() => void go()}
      onClose={onClose}
    >
      <p className="row">
        <EnvironmentTag environment={service.environment} />
        <span className="mono">{imageVersion(spec.image)}</span>
        <span className="num">#{service.release}</span> → <EnvironmentTag environment="prod" />
        {newest && (
          <>
            <span className="mono">{imageVersion(newest.spec.image)}</span>
            <span className="num">#{newest.release}</span>
          </>
        )}
      </p>
      {query.isLoading && <Skeleton rows={3} />}
      {query.isError && !isAbsent && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
      {isAbsent && <FirstTime service={service} spec={spec} />}
      {newest && <Changes newest={newest} draft={draft} />}
      {isReady && <Secrets draft={draft} />}
      <CauseField required="production" value={cause} onChange={setCause} />
    </Dialog>
  );
}

const fromOf = ({ environment, release }: ServiceWithEtag) => ({ environment, release: release ?? 0 });

/** The deploy form of production finds it there. */
function layDeploy(place: ServicePlace, service: ServiceWithEtag, spec: SpecDraft, cause: string): void {
  const scope = { project: place.project, env: 'prod' };
  const fresh = freshDeploy(scope, place.service);
  const { placement, name } = service;
  const draft = {
    ...fresh.draft,
    name,
    spec,
    cause,
    replicas: Math.max(1, placement?.total ?? service.desired),
    policy: placement?.policy ?? fresh.draft.policy,
  };
  keepDraft({ key: keyOfDeploy(scope, place.service), withoutSecrets: withoutValues }, { ...fresh, draft });
}

function FirstTime({ service, spec }: { service: ServiceWithEtag; spec: ServiceSpec }) {
  const t = useT();
  return (
    <>
      <p className="note">{t('copy.first')}</p>
      <Facts
        rows={[
          [
            t('services.image'),
            <span key="image" className="mono">
              {spec.image}
            </span>,
          ],
          [t('services.size'), sizeText(t, spec.size)],
          [t('deploy.replicas'), service.placement?.total ?? service.desired],
          [t('copy.variables'), spec.variables.length],
        ]}
      />
    </>
  );
}

function Changes({ newest, draft }: { newest: Base; draft: SpecDraft }) {
  const t = useT();
  const rows = differences({ spec: newest.spec, image: null }, { spec: specOf(draft) as ServiceSpec, image: null });
  return (
    <div data-testid="copy-difference">
      <h3 className="dialog-part">{t('copy.changes')}</h3>
      {rows.length === 0 ? <p className="faint">{t('difference.none')}</p> : <DifferenceRows rows={rows} />}
    </div>
  );
}

function Secrets({ draft }: { draft: SpecDraft }) {
  const t = useT();
  const asked = secretsToAsk(draft);
  const kept = draft.variables.filter(({ secret, version }) => secret && version !== null).map(({ name }) => name);
  if (asked.length + kept.length === 0) return null;
  return (
    <div className="faint">
      {asked.length > 0 && <p data-testid="copy-secrets">{t('copy.secretsAsked', { names: asked.join(', ') })}</p>}
      {kept.length > 0 && <p>{t('copy.secretsKept', { names: kept.join(', ') })}</p>}
    </div>
  );
}
