import type { ServiceListItem } from '@berth/api';
import { useT } from '../../i18n/index.js';
import { Lasting } from '../../ui/Time.js';

/** Ready of desired per cluster; a silent cluster shows its last numbers behind a dashed line. */
interface Props {
  readonly clusters: ServiceListItem['clusters'];
  readonly nameOf: (cluster: string) => string;
}

export function ClusterChips({ clusters, nameOf }: Props) {
  const t = useT();
  return (
    <span className="cluster-chips">
      {clusters.map((row) => (
        <span
          key={row.cluster}
          className={`cluster-chip${row.fresh ? '' : ' silent'}${row.ready < row.desired ? ' short' : ''}`}
          title={row.fresh ? undefined : t('cause.cluster_silent')}
        >
          {nameOf(row.cluster)} <b className="num">{`${row.ready}/${row.desired}`}</b>
          {row.silentSince && <Lasting from={row.silentSince} />}
        </span>
      ))}
    </span>
  );
}
