import type { Operation } from '@berth/api';
import type { OperationEffect } from '@berth/contracts';
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

function sideText(t: Translate, { image, release, replicas }: Side): string {
  const version = image ? imageVersion(image) : '';
  const parts = [
    version && release ? `${version} (#${release})` : version || (release ? `#${release}` : ''),
    replicas === undefined ? '' : t('now.replicas', { count: replicas }),
  ];
  return parts.filter(Boolean).join(' · ');
}
