import type { Container } from '@berth/api';
import type { Translate } from '../i18n/index.js';

type End = NonNullable<Container['detailEnd']>;
type Params = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `退出码 137 · OOMKilled`: how a run ended, with what it left behind. */
export function endWords(t: Translate, { exitCode, signal, reason, message }: End): string {
  const how = signal === null ? t('now.exitCode', { code: exitCode }) : t('now.signal', { signal });
  return [how, reason, message].filter(Boolean).join(' · ');
}

/** `cart-1: 退出码 78`, where a step or a problem carries the end of a container; null where it does not. */
export function endOfParams(t: Translate, params: Params): string | null {
  const { container, exitCode, signal, endReason, endMessage } = params;
  if (typeof exitCode !== 'number') return null;
  const words = endWords(t, {
    exitCode,
    signal: typeof signal === 'number' ? signal : null,
    reason: typeof endReason === 'string' ? endReason : null,
    message: typeof endMessage === 'string' ? endMessage : null,
  });
  return typeof container === 'string' ? `${container}: ${words}` : words;
}
