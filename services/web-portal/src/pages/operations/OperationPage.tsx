import type { Operation } from '@berth/api';
import { isFinal, ServiceKey, parseServiceKey } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { operationQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Facts, Panel } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag, OperationMark } from '../../ui/Mark.js';
import { ProblemNote } from '../../ui/ProblemNote.js';
import { Clock, Lasting } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import { effectText } from '../../ui/effect.js';
import { Others } from './Others.js';
import { useTitle } from '../../ui/useTitle.js';
import { CancelButton, Cancelled, CancelNote } from './Cancel.js';
import { Next } from './Next.js';
import { Progress } from './Progress.js';
import { resultText } from './step-words.js';
import { Steps } from './Steps.js';
import './operations.css';

/** One attempt, live: what it does, how far it is, and when it failed what that means and who must act. */
export function OperationPage() {
  const { id } = useParams({ from: '/inside/operations/$id' });
  const query = useQuery(operationQuery(id));
  return (
    <Loaded query={query} rows={8}>
      {(operation) => <OperationView operation={operation} />}
    </Loaded>
  );
}

function OperationView({ operation }: { operation: Operation }) {
  const t = useT();
  const isService = ServiceKey.safeParse(operation.target).success;
  const place = isService ? parseServiceKey(operation.target) : null;
  const title = t(`operationTitle.${operation.kind}`, { target: place?.service ?? operation.target });
  const ended = isFinal(operation.state);
  useTitle(`${ended ? (operation.state === 'succeeded' ? '✓' : '✗') : '…'} ${title}`);
  return (
    <div className="operation" data-testid="operation">
      <header className="page-head">
        <div>
          <h1 className="row">
            {title} {place && <EnvironmentTag environment={place.environment} />}
          </h1>
          <p className="sentence-line">
            <OperationMark state={operation.state} testId="op-state" />
            <span className="soft">
              {operation.actor.name} · {t(`channel.${operation.actor.channel}`)}
            </span>
            {operation.effect && <span className="num">{effectText(t, operation)}</span>}
            {operation.cause && <span className="soft">“{operation.cause}”</span>}
          </p>
        </div>
        <span className="grow" />
        {place && <CancelButton operation={operation} place={place} title={title} />}
        {place && (
          <Link
            className={operation.state === 'succeeded' ? 'primary-button' : 'plain-button'}
            to="/p/$project/$env/services/$code/$tab"
            params={{ project: place.project, env: place.environment, code: place.service, tab: 'overview' }}
            search={{}}
            data-testid="op-open-service"
          >
            {t('operation.openService')}
          </Link>
        )}
      </header>
      <Progress operation={operation} />
      <CancelNote operation={operation} />
      <Cancelled operation={operation} actions={place && <Next operation={operation} place={place} />} />
      {operation.problem && operation.state !== 'cancelled' && (
        <ProblemNote
          problem={operation.problem}
          correlationId={operation.correlationId}
          actions={place && <Next operation={operation} place={place} />}
        />
      )}
      <div className="operation-body">
        <Panel title={t('operation.steps')}>
          <Steps operation={operation} />
        </Panel>
        <div className="operation-side">
          <Panel title={t('operation.about')}>
            <Facts
              rows={[
                [t('operation.target'), <code key="target">{operation.target}</code>],
                [t('operation.accepted'), <Clock key="accepted" at={operation.acceptedAt} />],
                [t('operation.started'), operation.startedAt ? <Clock key="started" at={operation.startedAt} /> : '–'],
                [t('operation.ended'), operation.endedAt ? <Clock key="ended" at={operation.endedAt} /> : '–'],
                [
                  t('operation.queued'),
                  <Lasting key="queued" from={operation.acceptedAt} to={operation.startedAt ?? operation.endedAt} />,
                ],
                [
                  t('operation.usually'),
                  operation.medianMs === null ? t('operation.noMedian') : durationText(operation.medianMs),
                ],
                [t('operation.deadline'), <Clock key="deadline" at={operation.deadlineAt} />],
                [t('operation.result'), operation.result ? resultText(t, operation.result) : '–'],
                [t('problem.trace'), <Copy key="trace" text={operation.correlationId} mono />],
              ]}
            />
          </Panel>
          {place && <Others operation={operation} />}
          <details className="panel raw">
            <summary>{t('operation.raw')}</summary>
            <pre tabIndex={0}>{JSON.stringify(operation, null, 2)}</pre>
          </details>
        </div>
      </div>
    </div>
  );
}
