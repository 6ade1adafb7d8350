import type { ServiceListItem } from '@berth/api';
import type { Translate } from '../i18n/index.js';
import { findingText } from './finding.js';

type Row = Pick<ServiceListItem, 'reason' | 'cause' | 'clusters' | 'ready' | 'desired' | 'restartsLastHour'>;
type NameOf = (cluster: string) => string;

/** What is the matter, in a sentence: the finding with its numbers, else the code of the state. */
export function causeText(t: Translate, row: Row, nameOf: NameOf): string {
  const silent = row.clusters.filter(({ fresh }) => !fresh).map(({ cluster }) => nameOf(cluster));
  if (row.cause) {
    const { kind, params, cluster, exitCode } = row.cause;
    const where = cluster ? nameOf(cluster) : silent.join(', ');
    return findingText(t, { kind, params: { exitCode, ...params, cluster: where } });
  }
  const sentence = row.reason
    ? t.say(`cause.${row.reason}`, undefined, row.reason)
    : t('now.noCause', { ready: row.ready, desired: row.desired });
  return silent.length > 0 ? `${sentence} (${silent.join(', ')})` : sentence;
}

/** What speaks for it, in a few words each. */
export function proofTexts(t: Translate, row: Row, nameOf: NameOf): string[] {
  const short = row.clusters
    .filter(({ ready, desired }) => ready < desired)
    .map(({ cluster, ready, desired }) => `${nameOf(cluster)} ${ready}/${desired}`);
  const { exitCode = null, restartsLast10Minutes: restarts = 0 } = row.cause ?? {};
  return [
    exitCode === null ? '' : t('now.exitCode', { code: exitCode }),
    restarts > 0
      ? t('now.restartsTen', { count: restarts })
      : row.restartsLastHour > 0
        ? t('now.restarts', { count: row.restartsLastHour })
        : '',
    short.length > 0 ? t('now.ready', { clusters: short.join(', ') }) : '',
  ].filter(Boolean);
}
