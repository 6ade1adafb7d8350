import type { ServiceListItem } from '@berth/api';
import { Lasting } from './Time.js';
import { silentSince } from './silence.js';

/** How old the last value of a silent cluster is, of several the oldest. */
export function SilentFor({ clusters }: { clusters: ServiceListItem['clusters'] }) {
  const since = silentSince(clusters);
  return since === null ? null : (
    <span className="faint">
      <Lasting from={since} />
    </span>
  );
}
