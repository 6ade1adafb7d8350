import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import {
  acknowledgementsQuery,
  sessionQuery,
  someOperationsQuery,
  unwellQuery,
  type OperationsFilter,
} from '../../api/queries.js';
import { mineFilter } from '../../app/mine.js';
import { scopeFilter } from '../../app/scope.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Panel } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { Ago, useNow } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { Changed } from './Changed.js';
import { Checklist } from './Checklist.js';
import { PlatformStrip } from './PlatformStrip.js';
import { Running } from './Running.js';
import { Unwell } from './Unwell.js';
import { startOfDay, unwellStates } from './workbench.js';
import './now.css';

const from = '/inside/p/$project/$env/now';

/** 工作台: what is unwell, what is on its way, what changed today. Mine, or all that I may see. */
export function NowPage() {
  const t = useT();
  const scope = useParams({ from });
  const { who } = useSearch({ from });
  const navigate = useNavigate();
  const may = useMay();
  useTitle(t('menu.now'));
  const { data: me } = useQuery(sessionQuery);
  const mine = who === 'mine' && me !== undefined;
  const filter = scopeFilter(scope);
  const unwell = useQuery(unwellQuery({ ...filter, ...(mine && mineFilter(me)) }, unwellStates));
  const acknowledged = useQuery(acknowledgementsQuery);
  const operations = (more: OperationsFilter & { limit: number }) => someOperationsQuery({ ...filter, ...more });
  const own = mine ? { actor: me.id } : {};
  const reset = `${scope.project} ${scope.env} ${mine}`;
  const running = useQuery(operations({ ...own, state: 'running', limit: 50 }));
  const today = useToday();
  const changed = useQuery(operations({ ...own, state: 'ended', endedSince: today, limit: 100 }));
  const pick = (next: 'mine' | undefined) =>
    void navigate({
      to: '/p/$project/$env/now',
      params: scope,
      search: next ? { who: next } : {},
      replace: true,
    });
  return (
    <div className="now" data-testid="now">
      <header className="page-head">
        <h1>{t('menu.now')}</h1>
        <div className="chips" role="group" aria-label={t('now.scope')}>
          <button type="button" className="chip" aria-pressed={!mine} onClick={() => pick(undefined)}>
            {t('now.all')}
          </button>
          <button
            type="button"
            className="chip"
            aria-pressed={mine}
            onClick={() => pick('mine')}
            data-testid="now-mine"
            title={t('now.mineHint')}
          >
            {t('now.mine')}
          </button>
        </div>
        <span className="grow" />
        {unwell.data && (
          <span className="faint">
            {t('services.asOf')} <Ago at={unwell.data.dataAsOf} />
          </span>
        )}
      </header>
      {may('platform.read') && <PlatformStrip />}
      <Checklist />
      <Panel title={t('now.unwell')} testId="now-unwell">
        <Loaded query={unwell} rows={3}>
          {(data) => (
            <Unwell
              rows={data.items}
              counts={data.counts}
              mine={mine}
              asOf={data.dataAsOf}
              acknowledgements={acknowledged.data?.items ?? []}
            />
          )}
        </Loaded>
      </Panel>
      <div className="now-columns">
        <Panel title={t('now.running')} testId="now-running">
          <Loaded query={running} rows={3}>
            {(data) => <Running rows={data.items} reset={reset} />}
          </Loaded>
        </Panel>
        <Panel title={t('now.changed')} testId="now-changed">
          <Loaded query={changed} rows={4}>
            {(data) => <Changed rows={data.items} hasMore={data.continue !== null} mine={mine} reset={reset} />}
          </Loaded>
        </Panel>
      </div>
    </div>
  );
}

/** Midnight, once an hour looked at again: a page may be open for days. */
function useToday(): string {
  const [first] = useState(() => Date.now());
  const now = useNow(3_600_000);
  return startOfDay(new Date(Math.max(first, now))).toISOString();
}
