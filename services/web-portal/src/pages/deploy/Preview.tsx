import { routes } from '@berth/api';
import type { EnvironmentName, ResolvedImage } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Panel } from '../../ui/Field.js';
import { curlOfDeploy } from './curl.js';
import type { DeployDraft } from './draft.js';
import { madeIn, type Made } from './made.js';
import { PlacementTable, type usePlacement } from './PlacementField.js';
import { Warnings } from './Warnings.js';

interface Props {
  readonly draft: DeployDraft;
  readonly place: { project: string; environment: EnvironmentName } | null;
  readonly preview: ReturnType<typeof usePlacement>;
  readonly image: ResolvedImage | undefined;
}

/** The right column: what will be made where, what may go wrong, and the same from a command line. */
export function Preview({ draft, place, preview, image }: Props) {
  const t = useT();
  const [isCurl, setCurl] = useState(false);
  const placed = preview.data?.clusters.filter((row) => row.replicas > 0) ?? [];
  const neighbours = useNeighbours(place);
  const curl = place ? curlOfDeploy(window.location.origin, place, draft) : '';
  return (
    <aside className="deploy-side stack" aria-label={t('deploy.preview')}>
      <Panel title={t('deploy.split')}>
        <PlacementTable preview={preview} />
      </Panel>
      <Panel
        title={t('deploy.preview')}
        extra={
          <span className="tabs small" role="tablist" aria-label={t('deploy.preview')}>
            <button type="button" role="tab" aria-selected={!isCurl} onClick={() => setCurl(false)}>
              {t('deploy.objects')}
            </button>
            <button type="button" role="tab" aria-selected={isCurl} onClick={() => setCurl(true)}>
              curl
            </button>
          </span>
        }
      >
        {isCurl ? (
          <div className="stack">
            <pre className="code">{curl || t('deploy.previewLater')}</pre>
            {curl && <Copy text={curl} label={t('deploy.copyCurl')} />}
            <p className="faint">
              {t(draft.spec.variables.some((row) => row.secret) ? 'deploy.curlSecrets' : 'deploy.curlToken')}{' '}
              <Link to="/account">{t('deploy.curlAccount')}</Link>
            </p>
          </div>
        ) : placed.length === 0 || !place ? (
          <p className="faint">{t('deploy.previewLater')}</p>
        ) : (
          placed.map((row) => (
            <div key={row.cluster} className="made">
              <b>{row.displayName}</b>
              <ul>
                {madeIn(row.cluster, row.replicas, place, draft, neighbours).map((made) => (
                  <MadeRow key={made.kind} made={made} />
                ))}
              </ul>
            </div>
          ))
        )}
        {place && (
          <Warnings spec={draft.spec} environment={place.environment} replicas={draft.replicas} image={image} />
        )}
      </Panel>
    </aside>
  );
}

/** Services that are in the project's environment already, with their clusters. */
function useNeighbours(place: Props['place']) {
  const { project = '', environment } = place ?? {};
  const { data } = useQuery({
    queryKey: ['services', 'neighbours', project, environment],
    queryFn: ({ signal }) =>
      call(routes.listServices, { query: { project, ...(environment && { environment }), limit: 500 }, signal }),
    enabled: place !== null,
    staleTime: 30_000,
  });
  return data?.items ?? [];
}

function MadeRow({ made: { kind, name, count, isNew } }: { made: Made }) {
  const t = useT();
  return (
    <li data-testid={`made-${kind}`} data-new={isNew}>
      <span className="tag">{t(isNew ? 'deploy.madeNew' : 'deploy.madeThere')}</span>{' '}
      {t(`deploy.made.${kind}`, { count })} <code>{name}</code>
    </li>
  );
}
