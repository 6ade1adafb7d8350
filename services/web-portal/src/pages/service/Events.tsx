import { useQuery } from '@tanstack/react-query';
import { eventsQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';

/** What Kubernetes says about the objects of the service, newest first. */
export function Events({ place }: { place: ServicePlace }) {
  const t = useT();
  const query = useQuery(eventsQuery(place));
  return (
    <Loaded query={query} rows={6}>
      {(page) =>
        page.items.length === 0 ? (
          <p className="faint">{t('events.none')}</p>
        ) : (
          <div className="panel scroll-x">
            <table className="plain flush" data-testid="events">
              <thead>
                <tr>
                  {(['type', 'reason', 'object', 'cluster', 'message', 'count', 'last'] as const).map((name) => (
                    <th key={name} scope="col">
                      {t(`event.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {page.items.map((row, index) => (
                  <tr key={`${row.cluster}${row.object}${row.reason}${index}`}>
                    <td>
                      <Mark tone={row.type === 'Warning' ? 'warn' : 'off'}>{t(`event.${row.type}`)}</Mark>
                    </td>
                    <td>{row.reason}</td>
                    <td className="mono">
                      {row.kind}/{row.object}
                    </td>
                    <td>{row.cluster}</td>
                    <td className="wide">{row.message}</td>
                    <td className="numeric">{row.count}</td>
                    <td className="nowrap">{row.lastAt ? <Ago at={row.lastAt} /> : '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  );
}
