import type { Operation } from '@berth/api';
import { parseServiceKey, ServiceKey } from '@berth/contracts';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useScope } from '../../app/scope.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, OperationMark } from '../../ui/Mark.js';
import { effectText } from '../../ui/effect.js';
import { hourText } from '../../ui/time.js';
import { useSteady } from '../../ui/useSteady.js';
import { Waiting } from '../../ui/Waiting.js';

const shownAtMost = 12;

interface Props {
  readonly rows: readonly Operation[];
  /** There are more than were read. */
  readonly hasMore: boolean;
  readonly mine: boolean;
  readonly reset: string;
}

const idOf = (row: Operation) => row.id;

/** What ended today: when, who, what from → to, and how it ended. */
export function Changed({ rows, hasMore, mine, reset }: Props) {
  const t = useT();
  const scope = useScope();
  const newest = useMemo(() => rows.slice(0, shownAtMost), [rows]);
  const steady = useSteady(newest, idOf, reset);
  if (steady.rows.length === 0) return <p className="faint">{t('now.noneChanged')}</p>;
  return (
    <div className="now-held" {...steady.holding}>
      <Waiting count={steady.waiting} onTake={steady.take} />
      <ul className="flush now-list">
        {steady.rows.map((row) => {
          const place = ServiceKey.safeParse(row.target).success ? parseServiceKey(row.target) : null;
          return (
            <li key={row.id} className="changed">
              <time className="num faint" dateTime={row.acceptedAt}>
                {hourText(row.acceptedAt)}
              </time>
              <span className="changed-what">
                {place && <EnvironmentTag environment={place.environment} />}
                <Link to="/operations/$id" params={{ id: row.id }}>
                  {t(`operationTitle.${row.kind}`, { target: place?.service ?? row.target })}
                </Link>
                <span className="soft num">{effectText(t, row)}</span>
              </span>
              <span className="soft">{row.actor.name}</span>
              <OperationMark state={row.state} />
            </li>
          );
        })}
      </ul>
      {rows.length > shownAtMost && (
        <p className="now-rest">
          <Link
            to="/p/$project/$env/operations"
            params={scope}
            search={{ state: 'ended', ended: 'today', ...(mine && { actor: 'me' }) }}
          >
            {t(hasMore ? 'now.moreThan' : 'now.more', { count: rows.length - shownAtMost })}
          </Link>
        </p>
      )}
    </div>
  );
}
