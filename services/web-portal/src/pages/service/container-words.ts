import type { Container } from '@berth/api';
import type { Translate } from '../../i18n/index.js';
import { endWords } from '../../ui/end-words.js';

/** Why a container has no node, where the cluster's words say so; null for other words. */
export function pendingReason({
  state,
  detail,
}: Pick<Container, 'state' | 'detail'>): 'no_capacity' | 'no_node' | null {
  if (state !== 'pending' || !detail) return null;
  if (/\bInsufficient (cpu|memory|pods|ephemeral-storage)\b|\bToo many pods\b/i.test(detail)) return 'no_capacity';
  return /\bnodes are available\b|\bno nodes available\b/i.test(detail) ? 'no_node' : null;
}

/** What the cluster itself said, where it is not an end that we say in our words. */
export function ownWords({ detail, detailEnd }: Pick<Container, 'detail' | 'detailEnd'>): string | null {
  return detailEnd ? null : detail;
}

/** What is told of a container under its state: the reason in the reader's language, else the cluster's own words. */
export function containerWords(
  t: Translate,
  container: Pick<Container, 'state' | 'detail' | 'detailEnd' | 'lastHeard'>,
): string | null {
  if (container.lastHeard) return t('container.lastHeard', { state: t(`containerState.${container.lastHeard}`) });
  if (container.detailEnd) return endWords(t, container.detailEnd);
  const reason = pendingReason(container);
  return reason ? t(`container.${reason}`) : container.detail;
}
