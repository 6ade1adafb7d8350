import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Operation } from '@berth/api';
import { keyOf, operationQuery, operationsQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Loaded } from '../../ui/Loaded.js';
import { OperationMark } from '../../ui/Mark.js';
import { Ago, Lasting } from '../../ui/Time.js';

/** What runs and what ran lately. */
export function RecentOperations({ place, running }: { place: ServicePlace; running: readonly string[] }) {
  const t = useT();
  const query = useInfiniteQuery(operationsQuery({ target: keyOf(place) }));
  return (
    <Loaded query={query} rows={3}>
      {(data) => {
        const rows = data.pages.flatMap((page) => page.items);
        const extra = running.filter((id) => !rows.some((row) => row.id === id));
        if (rows.length + extra.length === 0) return <p className="faint">{t('operations.none')}</p>;
        return (
          <ul className="op-list" data-testid="recent-operations">
            {extra.map((id) => (
              <RunningOperation key={id} id={id} />
            ))}
            {rows.slice(0, 8).map((row) => (
              <OperationRow key={row.id} row={row} />
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function OperationRow({ row }: { row: Operation }) {
  const t = useT();
  const nameOf = useClusterNames();
  const running = row.steps.find((step) => step.state === 'running');
  return (
    <li>
      <OperationMark state={row.state} />
      <Link to="/operations/$id" params={{ id: row.id }}>
        {t(`operationKind.${row.kind}`)}
      </Link>
      <span className="cut soft">
        {running
          ? [t(`step.${running.name}`), running.cluster && nameOf(running.cluster)].filter(Boolean).join(' · ')
          : (row.cause ?? (row.problem && t.say(`problem.${row.problem.code}.title`, row.problem.params, '')))}
      </span>
      <span className="soft">{row.actor.name}</span>
      <span className="faint">
        <Lasting from={row.acceptedAt} to={row.endedAt} />
      </span>
      <span className="faint">
        <Ago at={row.acceptedAt} />
      </span>
    </li>
  );
}

function RunningOperation({ id }: { id: string }) {
  const { data } = useQuery(operationQuery(id));
  return data ? <OperationRow row={data} /> : null;
}
