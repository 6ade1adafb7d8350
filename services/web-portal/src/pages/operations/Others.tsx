import type { Operation } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { neighboursQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Panel } from '../../ui/Field.js';
import { OperationMark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { relationOf } from './relation.js';

/** What else was done to the same service around it: what took its place, the attempts before and after. */
export function Others({ operation }: { operation: Operation }) {
  const t = useT();
  const { data } = useQuery(neighboursQuery(operation.id));
  const others = data?.items ?? [];
  if (others.length === 0) return null;
  return (
    <Panel title={t('operation.others')} testId="op-others">
      <ul className="others">
        {others.map((other) => (
          <li key={other.id} data-relation={relationOf(operation, other)}>
            <OperationMark state={other.state} />
            <Link to="/operations/$id" params={{ id: other.id }}>
              {t(`operationKind.${other.kind}`)}
            </Link>
            <span className="faint">{t(`operation.relation.${relationOf(operation, other)}`)}</span>
            <span className="faint">
              <Ago at={other.acceptedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
