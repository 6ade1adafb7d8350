import { namespaceOf } from '@berth/contracts';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { policyText } from '../../ui/effect.js';
import { Facts } from '../../ui/Field.js';
import { Clock } from '../../ui/Time.js';
import { shortDigest, sizeText } from '../../ui/words.js';

/** Whose it is, what it is made of, and how to look at it with `kubectl`. */
export function About({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const policy = service.placement?.policy;
  return (
    <div className="stack">
      <Facts
        rows={[
          [t('services.owner'), service.owner ?? <span className="faint">–</span>],
          [
            'CMDB ID',
            service.cmdbId ? (
              <Copy text={service.cmdbId} mono />
            ) : (
              <span className="faint">{t('deploy.unregistered')}</span>
            ),
          ],
          [t('services.image'), service.image && <Copy text={service.spec?.image ?? service.image} mono />],
          [
            t('release.digest'),
            service.resolvedImage && (
              <Copy text={service.resolvedImage.digest} label={shortDigest(service.resolvedImage.digest)} mono />
            ),
          ],
          [t('services.size'), service.size && sizeText(t, service.size)],
          [t('deploy.policy'), policy && policyText(t, policy)],
          [t('overview.since'), <Clock key="since" at={service.createdAt} />],
        ]}
      />
      <Kubectl place={place} service={service} />
    </div>
  );
}

/** One command a cluster; the context is named like the cluster. */
function Kubectl({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const namespace = namespaceOf(place);
  if (service.clusters.length === 0) return null;
  return (
    <div className="kubectl">
      <h3>kubectl</h3>
      {service.clusters.map(({ cluster }) => (
        <div key={cluster} className="kubectl-row">
          <span className="tag">{cluster}</span>
          <Copy
            mono
            label={`-n ${namespace} get pods -l berth.dev/service=${place.service}`}
            text={`kubectl --context ${cluster} -n ${namespace} get pods -l berth.dev/service=${place.service}`}
          />
        </div>
      ))}
      <p className="faint">{t('overview.kubectl')}</p>
    </div>
  );
}
