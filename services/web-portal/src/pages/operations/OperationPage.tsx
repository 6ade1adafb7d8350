import type { Operation } from '@berth/api';
import { isFinal, ServiceKey, parseServiceKey, type OperationStep } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { operationQuery, platformHealthQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Facts, Panel } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag, OperationMark, Shape } from '../../ui/Mark.js';
import { ProblemNote } from '../../ui/ProblemNote.js';
import { Clock, Lasting, useNow } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import { toneOf } from '../../ui/tone.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { effectText } from '../../ui/effect.js';
import { Others } from './Others.js';
import { useTitle } from '../../ui/useTitle.js';
import { lanesOf, stepsOf, type StepName } from './lanes.js';
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
      {operation.problem && (
        <ProblemNote
          problem={operation.problem}
          correlationId={operation.correlationId}
          actions={place && <Next operation={operation} place={place} />}
        />
      )}
      <div className="operation-body">
        <Panel title={t('operation.steps')}>
          <Steps operation={operation} ended={ended} />
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
                [t('operation.result'), operation.result ? <ResultText result={operation.result} /> : '–'],
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

/** Elapsed against the median of the same kind, and how many steps are done. */
function Progress({ operation }: { operation: Operation }) {
  const t = useT();
  const now = useNow(500);
  const ended = isFinal(operation.state);
  const lanes = lanesOf(operation.kind, stepsOf(operation), ended);
  const elapsedMs = Math.max(
    0,
    (operation.endedAt ? Date.parse(operation.endedAt) : now) - Date.parse(operation.acceptedAt),
  );
  const share = ended
    ? 1
    : Math.min(
        0.98,
        Math.max(
          lanes.done / Math.max(1, lanes.total),
          operation.medianMs ? Math.min(0.9, elapsedMs / operation.medianMs) : 0,
        ),
      );
  const isWaiting = operation.state === 'accepted';
  const { data: health } = useQuery({ ...platformHealthQuery, enabled: isWaiting });
  const waitingMs = now - Date.parse(operation.acceptedAt);
  const busDelayMs = health?.bus.delayMs ?? 0;
  return (
    <div className="progress">
      <div
        className={`progress-bar progress-${toneOf.operation(operation.state)}`}
        role="progressbar"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={t('operation.progress')}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <p className="soft num">
        {durationText(elapsedMs)}
        {operation.medianMs !== null && (
          <span className="faint"> · {t('operation.median', { median: durationText(operation.medianMs) })}</span>
        )}
        {!ended && <span className="faint"> · {t('operation.stepOf', { done: lanes.done, total: lanes.total })}</span>}
        {isWaiting && waitingMs > 5000 && (
          <span className="mark-warn">
            {' '}
            ·{' '}
            {busDelayMs > 5000
              ? t('operation.busLate', { delay: durationText(busDelayMs) })
              : t('operation.waiting', { time: durationText(waitingMs) })}
          </span>
        )}
      </p>
    </div>
  );
}

function Steps({ operation, ended }: { operation: Operation; ended: boolean }) {
  const t = useT();
  const nameOf = useClusterNames();
  const lanes = lanesOf(operation.kind, stepsOf(operation), ended);
  if (operation.steps.length === 0 && ended) return <p className="faint">{t('operation.noSteps')}</p>;
  return (
    <div className="steps" data-testid="op-steps">
      <ol>
        {lanes.before.map((step) => (
          <StepRow key={step.name} step={step} />
        ))}
        {lanes.nextBefore.map((name) => (
          <Coming key={name} name={name} />
        ))}
      </ol>
      {lanes.clusters.length > 0 && (
        <div className="lanes">
          {lanes.clusters.map((lane) => (
            <section key={lane.cluster} aria-label={nameOf(lane.cluster)}>
              <h3>{nameOf(lane.cluster)}</h3>
              <ol>
                {lane.steps.map((step) => (
                  <StepRow key={step.name} step={step} />
                ))}
              </ol>
            </section>
          ))}
        </div>
      )}
      <ol>
        {lanes.after.map((step) => (
          <StepRow key={step.name} step={step} />
        ))}
        {lanes.nextAfter.map((name) => (
          <Coming key={name} name={name} />
        ))}
      </ol>
    </div>
  );
}

function StepRow({ step }: { step: OperationStep }) {
  const t = useT();
  return (
    <li
      className={`step step-${step.state}`}
      data-testid={`step-${step.cluster ? `${step.cluster}-` : ''}${step.name}`}
      data-state={step.state}
    >
      <Shape tone={toneOf.step(step.state)} />
      <span>
        {t(`step.${step.name}`)}
        <span className="visually-hidden"> {t(`stepState.${step.state}`)}</span>
        {step.attempts !== undefined && step.attempts > 1 && (
          <span className="faint"> · {t('operation.attempts', { count: step.attempts })}</span>
        )}
      </span>
      <span className="faint">
        <Lasting from={step.startedAt} to={step.endedAt} />
      </span>
      {step.detail && <span className="step-detail soft">{step.detail}</span>}
    </li>
  );
}

function Coming({ name }: { name: StepName }) {
  const t = useT();
  return (
    <li className="step step-coming">
      <Shape tone="off" />
      <span className="faint">{t(`step.${name}`)}</span>
    </li>
  );
}

/** Two or three ways on after a failure. */
function Next({
  operation,
  place,
}: {
  operation: Operation;
  place: { project: string; environment: string; service: string };
}) {
  const t = useT();
  const to = (tab: string) => ({
    to: '/p/$project/$env/services/$code/$tab' as const,
    params: { project: place.project, env: place.environment, code: place.service, tab },
    search: {},
  });
  if (operation.state === 'superseded' || operation.state === 'cancelled') return null;
  if (operation.state === 'refused' && operation.kind === 'service.deploy')
    return (
      <Link
        className="plain-button"
        to="/p/$project/$env/deploy"
        params={{ project: place.project, env: place.environment }}
        search={{ code: place.service }}
      >
        {t('operation.tryAgain')}
      </Link>
    );
  return (
    <span className="row">
      <Link className="plain-button" {...to('logs')}>
        {t('tab.logs')}
      </Link>
      <Link className="plain-button" {...to('events')}>
        {t('tab.events')}
      </Link>
      <Link className="plain-button" {...to('settings')}>
        {t('operation.fix')}
      </Link>
      {operation.kind !== 'service.deploy' && (
        <Link className="plain-button" {...to('releases')}>
          {t('action.rollback')}
        </Link>
      )}
    </span>
  );
}

function ResultText({ result }: { result: NonNullable<Operation['result']> }) {
  return (
    <span className="mono">
      {Object.entries(result)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(' · ')}
    </span>
  );
}
