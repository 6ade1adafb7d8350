import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { clustersQuery, deadLettersQuery, platformHealthQuery } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Mark } from '../../ui/Mark.js';
import { useNow } from '../../ui/Time.js';
import { agoText, durationText } from '../../ui/time.js';
import { sourcesQuery } from '../cmdb/queries.js';
import { busTone, cmdbState, silentClusters, silentOwners } from './strip.js';

/** For operators: is the platform itself well? Clusters, bus, CMDB, each with its number. */
export function PlatformStrip() {
  const t = useT();
  const may = useMay();
  const now = useNow(10_000);
  const clusters = useQuery({ ...clustersQuery, enabled: may('cluster.read') });
  const health = useQuery(platformHealthQuery);
  const cmdb = useQuery({ ...sourcesQuery, enabled: may('cmdb.read'), refetchInterval: 60_000 });
  const letters = useQuery({ ...deadLettersQuery, enabled: may('deadLetter.manage') });
  const sources = letters.data?.sources ?? [];
  const aside = sources.reduce((sum, { open }) => sum + (open ?? 0), 0);
  // None of those that answered, while one is away, is not none.
  const isAsideUnknown = letters.isError || (aside === 0 && sources.some(({ state }) => state === 'away'));
  const silent = silentClusters(clusters.data?.items ?? []);
  const sync = cmdbState(cmdb.data?.items ?? [], now);
  const undecided = (cmdb.data?.items ?? []).reduce((sum, { waiting, approvals }) => sum + waiting + approvals, 0);
  const owners = silentOwners(health.data ?? { unanswered: [] });
  const delayMs = health.data?.bus.delayMs ?? 0;
  return (
    <ul className="strip" aria-label={t('strip.label')} data-testid="platform-strip">
      <li>
        <Link to="/clusters">
          <Mark tone={clusters.isError ? 'unknown' : silent.length > 0 ? 'bad' : 'ok'} state="clusters">
            {clusters.isError
              ? t('strip.unknown', { what: t('menu.clusters') })
              : silent.length > 0
                ? t('strip.silent', {
                    names: silent
                      .map(({ displayName, name, heardAt }) =>
                        heardAt
                          ? `${displayName || name} ${durationText(now - Date.parse(heardAt))}`
                          : displayName || name,
                      )
                      .join(', '),
                  })
                : t('strip.clusters', { count: clusters.data?.items.length ?? 0 })}
          </Mark>
        </Link>
      </li>
      <li>
        <Mark tone={health.isError ? 'unknown' : busTone(delayMs)} state="bus">
          {health.isError
            ? t('strip.unknown', { what: t('strip.busName') })
            : busTone(delayMs) === 'ok'
              ? t('strip.bus')
              : t('strip.busLate', { delay: durationText(delayMs), count: health.data?.bus.waiting ?? 0 })}
        </Mark>
      </li>
      {owners.map(({ owner, waiting, delayMs }) => (
        <li key={owner}>
          <Link to="/p/$project/$env/operations" params={{ project: 'all', env: 'all' }} search={{ state: 'running' }}>
            <Mark tone={busTone(delayMs)} state={`owner-${owner}`}>
              {t('strip.ownerSilent', { owner, count: waiting, delay: durationText(delayMs) })}
            </Mark>
          </Link>
        </li>
      ))}
      {may('cmdb.read') && !cmdb.isPending && (
        <li>
          <Link to="/admin/cmdb">
            <Mark tone={cmdb.isError ? 'unknown' : sync.tone} state="cmdb">
              {cmdb.isError
                ? t('strip.unknown', { what: t('menu.cmdb') })
                : sync.at !== null
                  ? t('strip.cmdb', { ago: agoText(sync.at, now, t.language) })
                  : t('strip.cmdbNever')}
            </Mark>
          </Link>
        </li>
      )}
      {undecided > 0 && (
        <li>
          <Link to="/admin/cmdb" search={{ tab: 'vanished' }}>
            <Mark tone="warn" state="cmdb-undecided">
              {t('strip.undecided', { count: undecided })}
            </Mark>
          </Link>
        </li>
      )}
      {may('deadLetter.manage') && !letters.isPending && (
        <li>
          <Link to="/admin/dead-letters" search={{}}>
            <Mark tone={isAsideUnknown ? 'unknown' : aside > 0 ? 'warn' : 'ok'} state="dead-letters">
              {isAsideUnknown
                ? t('strip.unknown', { what: t('strip.letters') })
                : aside > 0
                  ? t('strip.deadLetters', { count: aside })
                  : t('strip.noDeadLetters')}
            </Mark>
          </Link>
        </li>
      )}
    </ul>
  );
}
