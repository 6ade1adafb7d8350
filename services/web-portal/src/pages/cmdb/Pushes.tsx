import type { CmdbCounts, CmdbPush } from '@berth/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import type { Tone } from '../../ui/tone.js';
import { More } from './More.js';
import { pushesQuery } from './queries.js';

export const tones: Record<CmdbPush['result'], Tone> = {
  applied: 'ok',
  unchanged: 'off',
  dry_run: 'off',
  older: 'warn',
};
export const countNames = [
  'created',
  'updated',
  'renamed',
  'moved',
  'retired',
  'restored',
  'waiting',
  'unchanged',
  'rejected',
] as const satisfies readonly (keyof CmdbCounts)[];

const toneOfCount: Partial<Record<keyof CmdbCounts, Tone>> = {
  waiting: 'warn',
  rejected: 'bad',
};

/** The inbox: one line a push, with what it did to rows of all kinds. */
export function Pushes() {
  const t = useT();
  const query = useInfiniteQuery(pushesQuery);
  return (
    <>
      <Loaded query={query} rows={6}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty
              title={t('cmdb.none')}
              text={t('cmdb.noneText')}
              line={`curl -X POST ${location.origin}/api/v1/cmdb/pushes -H "authorization: Bearer $TOKEN" -H "content-type: application/json" -d @snapshot.json`}
            />
          ) : (
            <table className="plain" data-testid="pushes">
              <thead>
                <tr>
                  <th scope="col">{t('cmdb.push')}</th>
                  <th scope="col">{t('cmdb.result')}</th>
                  <th scope="col">{t('cmdb.did')}</th>
                  <th scope="col">{t('cmdb.by')}</th>
                  <th scope="col">{t('cmdb.at')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((push) => (
                  <PushLine key={push.id} push={push} />
                ))}
              </tbody>
            </table>
          );
        }}
      </Loaded>
      <More query={query} />
    </>
  );
}

function PushLine({ push }: { push: CmdbPush }) {
  const t = useT();
  const { businessLines, projects, services } = push.counts;
  return (
    <tr data-testid={`push-${push.version}`}>
      <td>
        <span className="row nowrap">
          <Link to="/admin/cmdb/pushes/$push" params={{ push: push.id }}>
            {push.source} {t('cmdb.version', { version: push.version })}
          </Link>
          <span className="tag">{t(`cmdbMode.${push.mode}`)}</span>
          {push.dryRun && <span className="tag tag-brand">{t('cmdb.dryRun')}</span>}
          {push.sample && <span className="tag">{t('cmdb.sample')}</span>}
        </span>
      </td>
      <td>
        {push.approval?.state === 'waiting' ? (
          <Mark tone="warn">{t('cmdb.waitsForApproval')}</Mark>
        ) : (
          <Mark tone={tones[push.result]}>{t(`cmdbResult.${push.result}`)}</Mark>
        )}
      </td>
      <td>
        <span className="row">
          {countNames.map((name) => {
            const count = businessLines[name] + projects[name] + services[name];
            const tone = toneOfCount[name];
            return (
              count > 0 && (
                <span key={name} className={`nowrap num ${tone ? `mark-${tone}` : ''}`}>
                  {t(`cmdbCount.${name}`)} {count}
                </span>
              )
            );
          })}
        </span>
      </td>
      <td>{push.by}</td>
      <td className="faint">
        <Ago at={push.at} />
      </td>
    </tr>
  );
}
