import type { Release } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { releasesQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import type { Tone } from '../../ui/tone.js';
import { imageVersion, shortDigest } from '../../ui/words.js';
import { Difference } from './Difference.js';
import { RollbackDialog } from './RollbackDialog.js';

const resultTone: Record<Release['result'], Tone> = {
  pending: 'pending',
  available: 'ok',
  failed: 'bad',
  unfinished: 'off',
};

/** Why a release cannot be gone back to; null when it can. */
function obstacle(release: Release): 'rollback.isLive' | 'rollback.neverRan' | null {
  if (release.live) return 'rollback.isLive';
  return release.readyAt === null ? 'rollback.neverRan' : null;
}

export function Releases({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const query = useQuery(releasesQuery(place));
  return (
    <Loaded query={query} rows={5}>
      {(page) =>
        page.items.length === 0 ? (
          <Empty title={t('release.none')} />
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
  const may = useMay();
  const live = releases.find((row) => row.live);
  const [open, setOpen] = useState<number | null>(null);
  const [back, setBack] = useState<Release | null>(null);
  return (
    <div className="releases">
      <div className="panel scroll-x">
        <table className="plain flush" data-testid="releases">
          <thead>
            <tr>
              {(['number', 'image', 'kind', 'who', 'cause', 'when', 'timeToReady', 'result'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(`release.${name}`)}
                </th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {releases.map((row, index) => {
              const other = row.live ? releases[index + 1] : live;
              return [
                <tr key={row.number} data-testid={`release-${row.number}`}>
                  <td className="num nowrap">
                    <b>#{row.number}</b> {row.live && <span className="tag tag-brand">{t('release.live')}</span>}
                    {row.lastGood && !row.live && <span className="tag tag-ok">{t('release.lastGood')}</span>}
                  </td>
                  <td className="nowrap">
                    <span className="mono">{imageVersion(row.spec.image)}</span>{' '}
                    <span className="faint mono">{shortDigest(row.image.digest)}</span>
                  </td>
                  <td className="nowrap">
                    {row.kind === 'rollback' ? t('release.backTo', { from: row.from }) : t(`releaseKind.${row.kind}`)}
                  </td>
                  <td>{row.actor.name}</td>
                  <td className="soft">{row.cause ?? '–'}</td>
                  <td className="nowrap">
                    <Link to="/operations/$id" params={{ id: row.operationId }} className="quiet">
                      <Ago at={row.createdAt} />
                    </Link>
                  </td>
                  <td className="num">
                    {row.readyAt ? durationText(Date.parse(row.readyAt) - Date.parse(row.createdAt)) : '–'}
                  </td>
                  <td>
                    <Mark tone={resultTone[row.result]}>{t(`releaseResult.${row.result}`)}</Mark>
                  </td>
                  <td className="nowrap">
                    {other && (
                      <Button
                        size="small"
                        type="text"
                        aria-expanded={open === row.number}
                        onClick={() => setOpen(open === row.number ? null : row.number)}
                      >
                        {t('release.difference')}
                      </Button>
                    )}
                    {may('service.rollback', place) && !row.live && (
                      <Button
                        size="small"
                        disabled={obstacle(row) !== null || service.state === 'deleting'}
                        title={obstacle(row) ? t(obstacle(row) ?? 'rollback.isLive') : undefined}
                        data-testid={`rollback-to-${row.number}`}
                        onClick={() => setBack(row)}
                      >
                        {t('release.rollbackTo')}
                      </Button>
                    )}
                  </td>
                </tr>,
                open === row.number && other && (
                  <tr key={`${row.number}-difference`}>
                    <td colSpan={9}>
                      <Difference before={other} after={row} />
                    </td>
                  </tr>
                ),
              ];
            })}
          </tbody>
        </table>
      </div>
      {back && (
        <RollbackDialog
          place={place}
          service={service}
          target={back}
          live={live ?? null}
          onClose={() => setBack(null)}
        />
      )}
    </div>
  );
}
