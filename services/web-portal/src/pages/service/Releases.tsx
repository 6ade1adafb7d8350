import type { Release } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { releasesQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Difference } from './Difference.js';
import { ReleaseRow } from './ReleaseRow.js';
import { obstacleTo } from './rollback.js';
import { RollbackDialog } from './RollbackDialog.js';

const columns = ['number', 'image', 'kind', 'who', 'cause', 'when', 'timeToReady', 'result'] as const;

export function Releases({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const query = useQuery(releasesQuery(place));
  return (
    <Loaded query={query} rows={5}>
      {(page) =>
        page.items.length === 0 ? (
          <Empty title={t('release.none')} text={t('release.noneText')} />
        ) : (
          <ReleaseList key={place.service} place={place} service={service} releases={page.items} />
        )
      }
    </Loaded>
  );
}

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly releases: readonly Release[];
}

function ReleaseList({ place, service, releases }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const { back } = useSearch({ from: '/inside/p/$project/$env/services/$code/$tab' });
  const live = releases.find((row) => row.live) ?? null;
  const [open, setOpen] = useState<number | null>(null);
  // The address says which one to go back to, so that a button elsewhere can open the dialog.
  const target = releases.find((row) => row.number === back && obstacleTo(row, service) === null);
  const setBack = (number: number | undefined) =>
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: 'releases' },
      search: number === undefined ? {} : { back: number },
      replace: true,
    });
  return (
    <div className="releases">
      <div className="panel scroll-x">
        <table className="plain flush" data-testid="releases">
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {t(`release.${name}`)}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">{t('action.rollback')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {releases.map((row, index) => {
              const before = row.live ? releases[index + 1] : live;
              const isOpen = open === row.number && before !== null && before !== undefined;
              return [
                <ReleaseRow
                  key={row.number}
                  {...{ place, service }}
                  release={row}
                  isComparable={Boolean(before)}
                  isOpen={isOpen}
                  onCompare={() => setOpen(isOpen ? null : row.number)}
                  onBack={() => setBack(row.number)}
                />,
                isOpen && (
                  <tr key={`${row.number}-difference`} className="difference-row">
                    <td colSpan={columns.length + 1}>
                      <Difference before={before} after={row} />
                    </td>
                  </tr>
                ),
              ];
            })}
          </tbody>
        </table>
      </div>
      {target && (
        <RollbackDialog
          {...{ place, service, releases, live, target }}
          onTarget={setBack}
          onClose={() => setBack(undefined)}
        />
      )}
    </div>
  );
}
