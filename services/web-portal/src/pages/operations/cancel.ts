import { routeTable, type Operation, type Permission, type ServiceDetail } from '@berth/api';
import { cancelOutcomeOf, isCancellable, isFinal, type CancelOutcome } from '@berth/contracts';
import type { Key, Translate } from '../../i18n/index.js';

type Cluster = ServiceDetail['clusters'][number];
type Seen = Pick<ServiceDetail, 'state' | 'release' | 'clusters'>;

/** The right to cancel is the right to do it. */
export function permissionOf(kind: Operation['kind']): Permission | null {
  const permission = routeTable.find((route) => route.command?.operation === kind)?.permission;
  return permission === undefined || permission === 'public' ? null : permission;
}

/** Whether a cancel can be asked for now: it runs, there is a way back, and nobody has asked already. */
export function canCancel({ kind, state, cancel }: Pick<Operation, 'kind' | 'state' | 'cancel'>): boolean {
  return !isFinal(state) && isCancellable(kind) && (cancel === null || cancel.refused !== null);
}

/** What the conductor would do if it were cancelled now. */
export function outcomeOf(
  { kind, steps }: Pick<Operation, 'kind' | 'steps'>,
  service: Seen | undefined,
): CancelOutcome {
  const isSplit = steps.some((step) => step.name === 'split_replicas' && step.state === 'done');
  const hasReachedClusters = isSplit || steps.some((step) => step.cluster !== undefined);
  const hasServed = service !== undefined && service.state !== 'deploying' && service.state !== 'deploy_failed';
  return cancelOutcomeOf({ kind, hasReachedClusters, hasServed });
}

/** The sentence of the dialog: what the cancel leaves, as a whole. */
export function outcomeText(t: Translate, operation: Operation, outcome: CancelOutcome, service?: Seen): string {
  const { kind, effect } = operation;
  const from = effect?.from?.replicas ?? '';
  if (outcome === 'nothing_made' && kind === 'service.deploy') return t('cancel.says.nothing_made_first');
  if (outcome !== 'back') return t(`cancel.says.${outcome}`);
  const others: Partial<Record<Operation['kind'], Key>> = {
    'service.restart': 'cancel.says.backRestart',
    'service.scale': 'cancel.says.backScale',
    'service.split': 'cancel.says.backSplit',
    'service.start': 'cancel.says.backStart',
    'service.stop': 'cancel.says.backStop',
  };
  const other = others[kind];
  if (other) return t(other, { from });
  return t('cancel.says.back', { release: service?.release ?? '', attempt: effect?.to.release ?? '' });
}

/** The same for one cluster, with its numbers; null where only the total is known before. */
export function clusterText(
  t: Translate,
  { kind }: Pick<Operation, 'kind'>,
  outcome: CancelOutcome,
  service: Seen,
  { ready, desired, updated }: Cluster,
): string | null {
  if (outcome === 'nothing_made') return t('cancel.then.same');
  if (outcome === 'removed') return t('cancel.then.removed', { count: Math.max(desired, ready) });
  if (outcome === 'stands_still') return t('cancel.then.stands_still', { ready, desired });
  if (kind === 'service.restart') return t('cancel.then.back_restart', { desired });
  if (kind !== 'service.upgrade' && kind !== 'service.rollback') return null;
  return t('cancel.then.back', { release: service.release, desired, ready: Math.max(0, ready - updated) });
}
