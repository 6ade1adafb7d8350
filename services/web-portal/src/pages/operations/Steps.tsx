import type { Operation } from '@berth/api';
import { isFinal, parseServiceKey, ServiceKey, type OperationStep, type StepName } from '@berth/contracts';
import { Link } from '@tanstack/react-router';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Copy } from '../../ui/Copy.js';
import { Shape } from '../../ui/Mark.js';
import { Lasting } from '../../ui/Time.js';
import { toneOf } from '../../ui/tone.js';
import { lanesOf, stepsOf, type Lane } from './lanes.js';
import { objectCommand } from './objects.js';
import { stepText } from './step-words.js';

/** The platform's own steps, one lane a cluster, and what is still to come of each. */
export function Steps({ operation }: { operation: Operation }) {
  const t = useT();
  const ended = isFinal(operation.state);
  const lanes = lanesOf(operation.kind, stepsOf(operation), ended);
  if (operation.steps.length === 0 && ended) return <p className="faint">{t('operation.noSteps')}</p>;
  const row = (step: OperationStep) => <StepRow key={step.name} step={step} operation={operation} />;
  return (
    <div className="steps" data-testid="op-steps">
      <ol>
        {lanes.before.map(row)}
        {lanes.nextBefore.map((name) => (
          <Coming key={name} name={name} />
        ))}
      </ol>
      {lanes.clusters.length > 0 && (
        <div className="lanes">
          {lanes.clusters.map((lane) => (
            <LaneView key={lane.cluster} lane={lane} operation={operation} />
          ))}
        </div>
      )}
      <ol>
        {lanes.after.map(row)}
        {lanes.nextAfter.map((name) => (
          <Coming key={name} name={name} />
        ))}
      </ol>
    </div>
  );
}

function LaneView({ lane: { cluster, steps, next }, operation }: { lane: Lane; operation: Operation }) {
  const name = useClusterNames()(cluster);
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <ol>
        {steps.map((step) => (
          <StepRow key={step.name} step={step} operation={operation} />
        ))}
        {next.map((step) => (
          <Coming key={step} name={step} />
        ))}
      </ol>
      <Objects steps={steps} cluster={cluster} operation={operation} />
    </section>
  );
}

function StepRow({ step, operation }: { step: OperationStep; operation: Operation }) {
  const t = useT();
  const text = stepText(t, step);
  // What a cancel stopped did not fail.
  const isStopped =
    operation.state === 'cancelled' || operation.cancel?.refused === null ? step.state === 'failed' : false;
  const waitsFor = step.fact?.code === 'waits_for' ? step.fact.params?.operationId : undefined;
  return (
    <li
      className={`step step-${isStopped ? 'stopped' : step.state}`}
      data-testid={`step-${step.cluster ? `${step.cluster}-` : ''}${step.name}`}
      data-state={step.state}
    >
      <Shape tone={isStopped ? 'off' : toneOf.step(step.state)} />
      <span>
        {t(`step.${step.name}`)}
        {isStopped ? (
          <span className="faint"> · {t('operation.stopped')}</span>
        ) : (
          <span className="visually-hidden"> {t(`stepState.${step.state}`)}</span>
        )}
        {step.attempts !== undefined && step.attempts > 1 && (
          <span className="faint"> · {t('operation.attempts', { count: step.attempts })}</span>
        )}
      </span>
      <span className="faint">
        <Lasting from={step.startedAt} to={step.endedAt} />
      </span>
      {text && (
        <span className="step-detail soft">
          {typeof waitsFor === 'string' ? (
            <Link to="/operations/$id" params={{ id: waitsFor }}>
              {text}
            </Link>
          ) : (
            text
          )}
        </span>
      )}
      {step.split && step.split.length > 0 && <SplitTable split={step.split} />}
    </li>
  );
}

/** Which cluster got how many, and why. */
function SplitTable({ split }: { split: NonNullable<OperationStep['split']> }) {
  const t = useT();
  const nameOf = useClusterNames();
  return (
    <table className="split-table" data-testid="op-split">
      <thead>
        <tr>
          <th scope="col">{t('operation.split.cluster')}</th>
          <th scope="col">{t('operation.split.replicas')}</th>
          <th scope="col">{t('operation.split.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {split.map(({ cluster, replicas, reason }) => (
          <tr key={cluster}>
            <th scope="row">{nameOf(cluster)}</th>
            <td className="num">{replicas}</td>
            <td className="soft">
              {t.say(reason.params ? `reason.${reason.code}` : `share.${reason.code}`, reason.params, reason.code)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How to look at the objects that the steps of a cluster are about. */
function Objects({ steps, cluster, operation }: Pick<Lane, 'steps' | 'cluster'> & { operation: Operation }) {
  const t = useT();
  const target = ServiceKey.safeParse(operation.target);
  if (!target.success) return null;
  const place = parseServiceKey(target.data);
  const commands = new Set(steps.flatMap(({ name }) => objectCommand(name, cluster, place) ?? []));
  if (commands.size === 0) return null;
  return (
    <details className="step-objects">
      <summary>{t('operation.object')}</summary>
      {[...commands].map((command) => (
        <Copy key={command} mono text={command} />
      ))}
    </details>
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
