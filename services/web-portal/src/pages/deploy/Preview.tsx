import { pathTo, routes } from '@berth/api';
import { namespaceOf, type EnvironmentName, type ResolvedImage } from '@berth/contracts';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Panel } from '../../ui/Field.js';
import { curlOf } from './curl.js';
import { deployBodyOf, type DeployDraft } from './draft.js';
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
  const secretFree = {
    ...draft.spec,
    variables: draft.spec.variables.map((row) => (row.secret ? { ...row, value: '', version: row.version ?? 1 } : row)),
  };
  const curl = place
    ? curlOf('POST', pathTo(routes.deployService, place), deployBodyOf({ ...draft, spec: secretFree }), {
        'idempotency-key': '<uuid>',
      })
    : '';
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
          </div>
        ) : placed.length === 0 || !place ? (
          <p className="faint">{t('deploy.previewLater')}</p>
        ) : (
          placed.map((row) => (
            <div key={row.cluster} className="made">
              <b>{row.displayName}</b>
              <ul>
                <li>
                  {t('deploy.madeNamespace')} <code>{namespaceOf(place)}</code>
                </li>
                <li>
                  {t('deploy.madeContainers', { count: row.replicas })} <code>{draft.code || '…'}</code>
                </li>
                {draft.spec.ports.length > 0 && (
                  <li>
                    {t('deploy.madeAddress')} <code>{draft.spec.ports.map((port) => port.port ?? '?').join(', ')}</code>
                  </li>
                )}
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
