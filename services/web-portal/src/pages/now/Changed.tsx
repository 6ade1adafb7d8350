import type { Operation } from '@berth/api';
import { parseServiceKey, ServiceKey } from '@berth/contracts';
import { Link } from '@tanstack/react-router';
import { useScope } from '../../app/scope.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, OperationMark } from '../../ui/Mark.js';
import { effectText } from '../../ui/effect.js';
import { hourText } from '../../ui/time.js';

const shownAtMost = 12;

/** What ended today: when, who, what from → to, and how it ended. */
export function Changed({ rows }: { rows: readonly Operation[] }) {
  const t = useT();
  const scope = useScope();
  if (rows.length === 0) return <p className="faint">{t('now.noneChanged')}</p>;
  return (
    <>
      <ul className="flush now-list">
        {rows.slice(0, shownAtMost).map((row) => {
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
        <p>
          <Link to="/p/$project/$env/operations" params={scope} search={{}}>
            {t('now.more', { count: rows.length - shownAtMost })}
          </Link>
        </p>
      )}
    </>
  );
}
