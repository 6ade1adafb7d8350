import type { Acknowledgement, ServiceListItem } from '@berth/api';
import type { ServiceState } from '@berth/contracts';
import { routes } from '@berth/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { call } from '../../api/client.js';
import { acknowledgementsQuery } from '../../api/queries.js';
import { useScope } from '../../app/scope.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, ServiceMark, Shape } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { SilentFor } from '../../ui/SilentFor.js';
import { Ago, Clock, Lasting, useNow } from '../../ui/Time.js';
import { Waiting } from '../../ui/Waiting.js';
import { causeText, proofTexts } from '../../ui/cause.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { useSteady } from '../../ui/useSteady.js';
import { acknowledgementOf, cameAfter, inOrder, keyOfRow, moreUnwell, unwellStates, wellOf } from './workbench.js';

const AcknowledgeDialog = lazy(async () => ({
  default: (await import('./AcknowledgeDialog.js')).AcknowledgeDialog,
}));

interface Props {
  readonly rows: readonly ServiceListItem[];
  /** Services of the scope by state, mine only when the rows are mine. */
  readonly counts: Partial<Record<ServiceState, number>>;
  readonly mine: boolean;
  readonly asOf: string;
  readonly acknowledgements: readonly Acknowledgement[];
}

export function Unwell({ rows, counts, mine, asOf, acknowledgements }: Props) {
  const t = useT();
  const scope = useScope();
  const now = useNow(10_000);
  const [asked, setAsked] = useState<ServiceListItem | null>(null);
  const known = new Map(
    rows.flatMap((row) => {
      const found = acknowledgementOf(row, acknowledgements, now);
      return found ? [[keyOfRow(row), found] as const] : [];
    }),
  );
  const knownKeys = [...known.keys()].join(' ');
  const ordered = useMemo(() => inOrder(rows, new Set(knownKeys.split(' '))), [rows, knownKeys]);
  const steady = useSteady(ordered, keyOfRow, `${scope.project} ${scope.env} ${mine}`);
  const more = moreUnwell(counts, rows.length);
  if (steady.rows.length === 0) return <Well counts={counts} mine={mine} asOf={asOf} />;
  return (
    <div className="now-held" {...steady.holding}>
      <Waiting count={steady.waiting} onTake={steady.take} />
      <ul className="flush now-list">
        {steady.rows.map((row) => (
          <Row
            key={keyOfRow(row)}
            row={row}
            gone={steady.gone.has(keyOfRow(row))}
            acknowledged={known.get(keyOfRow(row)) ?? null}
            onAsk={() => setAsked(row)}
          />
        ))}
      </ul>
      {more > 0 && (
        <p className="now-rest">
          <Link
            to="/p/$project/$env/services"
            params={scope}
            search={{ state: unwellStates.join(','), ...(mine && { who: 'mine' }) }}
            data-testid="unwell-more"
          >
            {t('now.moreUnwell', { count: more })}
          </Link>
        </p>
      )}
      <Suspense fallback={null}>{asked && <AcknowledgeDialog row={asked} onClose={() => setAsked(null)} />}</Suspense>
    </div>
  );
}

/** Nothing is unwell: what there is instead, by state. */
function Well({ counts, mine, asOf }: Pick<Props, 'counts' | 'mine' | 'asOf'>) {
  const t = useT();
  const parts = wellOf(counts);
  const nothing = mine ? 'now.nothingMine' : 'now.nothingYet';
  return (
    <p className="now-well" data-testid="empty">
      <span className="mark mark-ok">
        <Shape tone={parts.length > 0 ? 'ok' : 'off'} />
      </span>{' '}
      {parts.length > 0
        ? t(mine ? 'now.allWellMine' : 'now.allWell', {
            counts: parts.map(({ state, count }) => `${t(`serviceState.${state}`)} ${count}`).join(' · '),
          })
        : t(nothing)}{' '}
      <span className="faint">
        <Ago at={asOf} />
      </span>
    </p>
  );
}

interface RowProps {
  readonly row: ServiceListItem;
  /** Well again, or gone: it keeps its place while somebody points at the list. */
  readonly gone: boolean;
  readonly acknowledged: Acknowledgement | null;
  readonly onAsk: () => void;
}

function Row({ row, gone, acknowledged, onAsk }: RowProps) {
  const t = useT();
  const may = useMay();
  const nameOf = useClusterNames();
  const since = row.cause?.since ?? row.stateSince;
  const proofs = proofTexts(t, row, nameOf);
  const to = (tab: string) => ({
    to: '/p/$project/$env/services/$code/$tab' as const,
    params: { project: row.project, env: row.environment, code: row.code, tab },
    search: {},
  });
  return (
    <li
      className={`unwell${acknowledged ? ' known' : ''}${gone ? ' gone' : ''}`}
      data-testid={`unwell-${keyOfRow(row)}`}
    >
      <div className="unwell-what">
        <EnvironmentTag environment={row.environment} />
        <Link {...to('overview')}>
          <b>{row.code}</b> <span className="soft">{row.name}</span>
        </Link>
        <ServiceMark state={row.state} />
        {gone && <span className="soft">{t('now.wellAgain')}</span>}
        {since && (
          <span className="faint num">
            <Lasting from={since} />
          </span>
        )}
      </div>
      <div className="unwell-why">
        <p>
          {causeText(t, row, nameOf)} <SilentFor clusters={row.clusters} />
        </p>
        <p className="soft">
          {[
            ...proofs,
            row.lastChange &&
              t(cameAfter(row) ? 'now.changedSince' : 'now.lastChange', {
                kind: t.say(`operationKind.${row.lastChange.kind}`, undefined, row.lastChange.kind),
                who: row.lastChange.actor.name,
              }),
          ]
            .filter(Boolean)
            .join(' · ')}
          {row.lastChange && (
            <>
              {' '}
              <Link to="/operations/$id" params={{ id: row.lastChange.operationId }}>
                <Ago at={row.lastChange.at} />
              </Link>
            </>
          )}
        </p>
        {acknowledged && <Known row={row} acknowledged={acknowledged} />}
      </div>
      <div className="unwell-do">
        {!acknowledged && may('service.logs', row) && (
          <button type="button" className="plain-button" onClick={onAsk} data-testid={`acknowledge-${keyOfRow(row)}`}>
            {t('now.acknowledge')}
          </button>
        )}
        <Link className="primary-button" {...to(row.state === 'deploy_failed' ? 'settings' : 'overview')}>
          {t(row.state === 'deploy_failed' ? 'now.fix' : 'now.why')}
        </Link>
      </div>
    </li>
  );
}

function Known({ row, acknowledged }: { row: ServiceListItem; acknowledged: Acknowledgement }) {
  const t = useT();
  const may = useMay();
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () =>
      call(routes.withdrawAcknowledgement, {
        params: { project: row.project, environment: row.environment as 'prod', service: row.code },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: acknowledgementsQuery.queryKey }),
  });
  return (
    <p className="unwell-known">
      {t('now.knownBy', { who: acknowledged.by.name })} <Clock at={acknowledged.until} />
      {acknowledged.note && <span className="soft"> “{acknowledged.note}”</span>}{' '}
      {may('service.logs', row) && (
        <button type="button" className="link" onClick={() => withdraw.mutate()} disabled={withdraw.isPending}>
          {t('now.withdraw')}
        </button>
      )}
      {withdraw.isError && <ErrorNote error={withdraw.error} />}
    </p>
  );
}
