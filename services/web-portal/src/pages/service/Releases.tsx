import type { Release } from '@berth/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useEffect, useState } from 'react';
import { releasesQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { imageVersion } from '../../ui/words.js';
import { comparedWith } from './compare.js';
import { Difference } from './Difference.js';
import { ReleaseRow } from './ReleaseRow.js';
import { RollbackDialog } from './RollbackDialog.js';

const columns = ['number', 'image', 'kind', 'who', 'cause', 'when', 'timeToReady', 'result'] as const;

export function Releases({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const query = useInfiniteQuery(releasesQuery(place));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return (
    <Loaded query={query} rows={5}>
      {({ pages }) => {
        const releases = pages.flatMap(({ items }) => items);
        if (releases.length === 0) return <Empty title={t('release.none')} text={t('release.noneText')} />;
        return (
          <ReleaseList
            key={place.service}
            {...{ place, service, releases }}
            more={hasNextPage ? { busy: isFetchingNextPage, load: () => void fetchNextPage() } : null}
          />
        );
      }}
    </Loaded>
  );
}

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly releases: readonly Release[];
  /** Older ones; null when all are here. */
  readonly more: { readonly busy: boolean; readonly load: () => void } | null;
}

function ReleaseList({ place, service, releases, more }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const { back } = useSearch({ from: '/inside/p/$project/$env/services/$code/$tab' });
  const [open, setOpen] = useState<number | null>(null);
  // The address says which one to go back to, so that a button elsewhere can open the dialog.
  const target = releases.find((row) => row.number === back);
  const isSought = back !== undefined && !target;
  useSoughtPage(isSought, more);
  const setBack = (number: number | undefined) =>
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: 'releases' },
      search: number === undefined ? {} : { back: number },
      replace: true,
    });
  const current = releases.find((row) => (service.target ? row.number === service.target.release : row.live)) ?? null;
  return (
    <div className="releases stack">
      {isSought && !more && <p className="note note-warn">{t('release.noSuch', { release: back })}</p>}
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
            {releases.map((row) => {
              const isOpen = open === row.number;
              return [
                <ReleaseRow
                  key={row.number}
                  {...{ place, service }}
                  release={row}
                  isComparable={releases.length > 1}
                  isOpen={isOpen}
                  onCompare={() => setOpen(isOpen ? null : row.number)}
                  onBack={() => setBack(row.number)}
                />,
                isOpen && (
                  <tr key={`${row.number}-difference`} className="difference-row">
                    <td colSpan={columns.length + 1}>
                      <Compared release={row} releases={releases} />
                    </td>
                  </tr>
                ),
              ];
            })}
          </tbody>
        </table>
      </div>
      {more && (
        <Button loading={more.busy} onClick={more.load} data-testid="releases-more">
          {t('release.older')}
        </Button>
      )}
      {target && (
        <RollbackDialog
          {...{ place, service, releases, current, target }}
          onTarget={setBack}
          onClose={() => setBack(undefined)}
        />
      )}
    </div>
  );
}

/** Reads on until the release that the address names is here. */
function useSoughtPage(isSought: boolean, more: Props['more']): void {
  const load = isSought && more && !more.busy ? more.load : null;
  const isLoading = load !== null;
  useEffect(() => {
    if (isLoading) load?.();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `load` is new with every drawing
  }, [isLoading]);
}

/** The difference to any other release. */
function Compared({ release, releases }: { release: Release; releases: readonly Release[] }) {
  const t = useT();
  const [chosen, setChosen] = useState<number | null>(null);
  const other = releases.find((row) => row.number === chosen) ?? comparedWith(releases, release);
  if (!other) return null;
  const [before, after] = other.number < release.number || other.live ? [other, release] : [release, other];
  return (
    <div>
      <label className="row faint">
        {t('release.compareWith')}
        <Select
          size="small"
          value={other.number}
          popupMatchSelectWidth={false}
          data-testid={`compare-with-${release.number}`}
          aria-label={t('release.compareWith')}
          options={releases
            .filter((row) => row.number !== release.number)
            .map((row) => ({
              value: row.number,
              label: [`#${row.number}`, imageVersion(row.spec.image), row.live && t('release.live')]
                .filter(Boolean)
                .join(' · '),
            }))}
          onChange={setChosen}
        />
      </label>
      <Difference before={before} after={after} />
    </div>
  );
}
