import { useT } from '../../i18n/index.js';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Copy } from '../../ui/Copy.js';
import { Try } from './Try.js';

/** Where the service answers, from where it can be reached, and a try from the platform. */
export function Addresses({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const may = useMay();
  const nameOf = useClusterNames();
  if (service.addresses.length === 0)
    return (
      <p className="faint">
        {service.spec && service.spec.ports.length === 0 ? t('overview.worker') : t('overview.noAddress')}
      </p>
    );
  return (
    <div className="stack">
      <ul className="addresses">
        {service.addresses.map((row) => (
          <li key={`${row.cluster}${row.kind}${row.address}${row.port}`}>
            <span className="row">
              <span className="tag">{nameOf(row.cluster)}</span>
              <Copy text={`${row.address}:${row.port}`} mono />
            </span>
            <span className="faint">
              {row.portName} · {t(`addressKind.${row.kind}`)} · {t('overview.reachable')}{' '}
              {t(`reach.${row.reachableFrom}`)}
            </span>
          </li>
        ))}
      </ul>
      {may('service.logs', place) && service.spec && <Try place={place} service={service} />}
    </div>
  );
}
