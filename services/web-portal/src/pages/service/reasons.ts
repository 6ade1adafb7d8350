import type { ServiceWithEtag } from '../../api/queries.js';
import type { ActionName } from './ActionDialog.js';

export type PageAction = ActionName | 'upgrade' | 'rollback' | 'split';
export type Reason =
  | 'actionOff.isDeleting'
  | 'actionOff.isPaused'
  | 'actionOff.isStopped'
  | 'actionOff.neverDeployed'
  | 'actionOff.noOtherRelease';

type Service = Pick<ServiceWithEtag, 'state' | 'paused' | 'uid' | 'release' | 'target' | 'placement'>;

export const isStopped = ({ placement, state }: Pick<Service, 'placement' | 'state'>) =>
  placement?.stopped ?? state === 'stopped';

const whilePaused: readonly PageAction[] = ['pause', 'resume', 'delete'];

/** Why an action cannot be done now; null when it can. What it needs beyond this the platform says. */
export function reasonAgainst(action: PageAction, service: Service): Reason | null {
  if (service.state === 'deleting') return 'actionOff.isDeleting';
  if (!service.uid) return 'actionOff.neverDeployed';
  if (service.paused && !whilePaused.includes(action)) return 'actionOff.isPaused';
  if (isStopped(service) && (action === 'scale' || action === 'restart')) return 'actionOff.isStopped';
  const releases = Math.max(service.release ?? 0, service.target?.release ?? 0);
  return action === 'rollback' && releases < 2 ? 'actionOff.noOtherRelease' : null;
}
