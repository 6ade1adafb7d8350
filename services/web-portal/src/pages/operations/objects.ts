import type { StepName } from '@berth/contracts';

interface Place {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
}

/** The command that shows the object a step is about; null for steps without one. The context is named like the cluster. */
export function objectCommand(
  step: StepName,
  cluster: string,
  { project, environment, service }: Place,
): string | null {
  const namespace = `${project}-${environment}`;
  const kubectl = `kubectl --context ${cluster}`;
  switch (step) {
    case 'namespace':
      return `${kubectl} get namespace ${namespace} -o yaml`;
    case 'apply':
    case 'undo':
      return `${kubectl} -n ${namespace} get deployment ${service} -o yaml`;
    case 'pull':
    case 'start':
    case 'ready':
    case 'drain':
      return `${kubectl} -n ${namespace} get pods -l berth.dev/service=${service} -o yaml`;
    default:
      return null;
  }
}
