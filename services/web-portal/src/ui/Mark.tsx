import type { Container } from '@berth/api';
import type { ClusterPhase, OperationState, ServiceState } from '@berth/contracts';
import type { ReactNode } from 'react';
import { useT } from '../i18n/index.js';
import { toneOf, type Tone } from './tone.js';

const shapes: Record<Tone, ReactNode> = {
  ok: <circle cx="6" cy="6" r="4.2" fill="none" strokeWidth="2" />,
  warn: <path d="M6 1.4 11.2 10.6H.8Z" fill="currentColor" stroke="none" />,
  bad: <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor" stroke="none" />,
  pending: <path d="M6 1.6a4.4 4.4 0 1 1-4.2 3" fill="none" strokeWidth="2" strokeLinecap="round" />,
  unknown: <circle cx="6" cy="6" r="4.2" fill="none" strokeWidth="2" strokeDasharray="2.2 2.2" />,
  off: <path d="M2 6h8" fill="none" strokeWidth="2" strokeLinecap="round" />,
};

/** Shape alone; whoever uses it puts the word beside it. */
export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg
      className={`shape shape-${tone}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
      stroke="currentColor"
    >
      {shapes[tone]}
    </svg>
  );
}

/** A state as shape, word and colour. */
interface MarkProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly testId?: string;
  /** Code of the state behind the words, for journeys in any language. */
  readonly state?: string;
}

export function Mark({ tone, children, testId, state }: MarkProps) {
  return (
    <span className={`mark mark-${tone}`} data-testid={testId} data-tone={tone} data-state={state}>
      <Shape tone={tone} />
      <span>{children}</span>
    </span>
  );
}

export function ServiceMark({ state, testId }: { state: ServiceState; testId?: string }) {
  const t = useT();
  return (
    <Mark tone={toneOf.service(state)} state={state} {...(testId && { testId })}>
      {t(`serviceState.${state}`)}
    </Mark>
  );
}

export function OperationMark({ state, testId }: { state: OperationState; testId?: string }) {
  const t = useT();
  return (
    <Mark tone={toneOf.operation(state)} state={state} {...(testId && { testId })}>
      {t(`operationState.${state}`)}
    </Mark>
  );
}

export function ContainerMark({ state }: { state: Container['state'] }) {
  const t = useT();
  return <Mark tone={toneOf.container(state)}>{t(`containerState.${state}`)}</Mark>;
}

export function PhaseMark({ phase }: { phase: ClusterPhase }) {
  const t = useT();
  return <Mark tone={toneOf.phase(phase)}>{t(`clusterPhase.${phase}`)}</Mark>;
}

/** The mark of an environment; production stands out on every page and in every dialog. */
export function EnvironmentTag({ environment }: { environment: string }) {
  const t = useT();
  return (
    <span className={`env env-${environment}`}>{t.say(`environment.${environment}`, undefined, environment)}</span>
  );
}
