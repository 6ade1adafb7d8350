import type { Acknowledgement, ServiceListItem } from '@berth/api';
import { routes } from '@berth/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/client.js';
import { acknowledgementsQuery } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, ServiceMark, Shape } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago, Clock, Lasting, useNow } from '../../ui/Time.js';
import { causeText, proofTexts } from '../../ui/cause.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { acknowledgementOf, inOrder, keyOfRow } from './workbench.js';

const AcknowledgeDialog = lazy(async () => ({
  default: (await import('./AcknowledgeDialog.js')).AcknowledgeDialog,
}));

interface Props {
  readonly rows: readonly ServiceListItem[];
  /** Deployed services of the scope, for the sentence when all are well. */
  readonly total: number;
  readonly asOf: string;
  readonly acknowledgements: readonly Acknowledgement[];
}

export function Unwell({ rows, total, asOf, acknowledgements }: Props) {
  const t = useT();
  const now = useNow(10_000);
  const [asked, setAsked] = useState<ServiceListItem | null>(null);
  const known = new Map(
    rows.flatMap((row) => {
      const found = acknowledgementOf(row, acknowledgements, now);
      return found ? [[keyOfRow(row), found] as const] : [];
    }),
  );
  if (rows.length === 0)
    return (
      <p className="now-well" data-testid="empty">
        <span className="mark mark-ok">
          <Shape tone="ok" />
        </span>{' '}
        {t(total > 0 ? 'now.allWell' : 'now.nothingYet', { count: total })}{' '}
        <span className="faint">
          <Ago at={asOf} />
        </span>
      </p>
    );
  return (
    <>
      <ul className="flush now-list">
        {inOrder(rows, new Set(known.keys())).map((row) => (
          <Row
            key={keyOfRow(row)}
            row={row}
            acknowledged={known.get(keyOfRow(row)) ?? null}
            onAsk={() => setAsked(row)}
          />
        ))}
      </ul>
      <Suspense fallback={null}>{asked && <AcknowledgeDialog row={asked} onClose={() => setAsked(null)} />}</Suspense>
    </>
  );
}

interface RowProps {
  readonly row: ServiceListItem;
  readonly acknowledged: Acknowledgement | null;
  readonly onAsk: () => void;
}

function Row({ row, acknowledged, onAsk }: RowProps) {
  const t = useT();
  const may = useMay();
  const nameOf = useClusterNames();
  const since = row.stateSince;
  const proofs = proofTexts(t, row, nameOf);
  const to = (tab: string) => ({
    to: '/p/$project/$env/services/$code/$tab' as const,
    params: { project: row.project, env: row.environment, code: row.code, tab },
    search: {},
  });
  return (
    <li className={acknowledged ? 'unwell known' : 'unwell'} data-testid={`unwell-${keyOfRow(row)}`}>
      <div className="unwell-what">
        <EnvironmentTag environment={row.environment} />
        <Link {...to('overview')}>
          <b>{row.code}</b> <span className="soft">{row.name}</span>
        </Link>
        <ServiceMark state={row.state} />
        {since && (
          <span className="faint num">
            <Lasting from={since} />
          </span>
        )}
      </div>
      <div className="unwell-why">
        <p>{causeText(t, row, nameOf)}</p>
        <p className="soft">
          {[
            ...proofs,
            row.lastChange &&
              t('now.lastChange', {
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
