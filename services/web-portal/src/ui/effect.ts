import type { Operation } from '@berth/api';
import type { OperationEffect, PlacementPolicy } from '@berth/contracts';
import type { Translate } from '../i18n/index.js';
import { imageVersion } from './words.js';

type Side = NonNullable<OperationEffect['from']>;

/** `1.4.1 (#7) → 1.4.2 (#8)`, `4 → 6`: what an operation changes, or nothing where it does not say. */
export function effectText(t: Translate, { effect }: Pick<Operation, 'effect'>): string {
  if (!effect) return '';
  const { from, to } = effect;
  if (from?.replicas !== undefined && to.replicas !== undefined)
    return `${from.replicas} → ${t('now.replicas', { count: to.replicas })}`;
  return from ? `${sideText(t, from)} → ${sideText(t, to)}` : sideText(t, to);
}

/** `spread · at least 1 in each cluster`, `pinned: beijing`. */
export function policyText(t: Translate, { mode, clusters, minPerCluster }: PlacementPolicy): string {
  const named = clusters.length > 0 ? `${t(`policy.${mode}`)}: ${clusters.join(', ')}` : t(`policy.${mode}`);
  return minPerCluster > 0 ? `${named} · ${t('policy.atLeast', { count: minPerCluster })}` : named;
}

function sideText(t: Translate, { image, release, replicas, policy }: Side): string {
  if (policy) return policyText(t, policy);
  const version = image ? imageVersion(image) : '';
  const parts = [
    version && release ? `${version} (#${release})` : version || (release ? `#${release}` : ''),
    replicas === undefined ? '' : t('now.replicas', { count: replicas }),
  ];
  return parts.filter(Boolean).join(' · ');
}
