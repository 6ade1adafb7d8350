import type { Operation } from '@berth/api';
import type { OperationStep } from '@berth/contracts';
import type { Translate } from '../../i18n/index.js';
import { endOfParams } from '../../ui/end-words.js';
import { clusterProofText } from '../../ui/cluster-proof.js';

type Fact = NonNullable<OperationStep['fact']>;

/** What a step says in the reader's language; its own English where it was sent without a code. */
export function stepText(t: Translate, { fact, detail, split, proof }: OperationStep): string {
  if (proof) return clusterProofText(t, proof);
  if (!fact) return split ? '' : (detail ?? '');
  const said = fact.code === 'silent' ? '' : factText(t, fact);
  if (fact.params?.silent !== true) return said;
  if (fact.code === 'removing') return t('stepSay.removeLater');
  return said ? t('stepSay.lastWord', { said }) : t('stepSay.silent');
}

function factText(t: Translate, { code, params = {} }: Fact): string {
  const { cause, said } = params;
  const kind = params.kind ? t.say(`operationKind.${params.kind}`, undefined, String(params.kind)) : '';
  const parts = [
    t.say(`stepSay.${code}`, { ...params, kind }, ''),
    cause ? t.say(`cause.${cause}`, undefined, String(cause)) : '',
    endOfParams(t, params) ?? (said ? String(said) : ''),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** `#8 · 4 个副本`: what came of an operation. */
export function resultText(t: Translate, result: NonNullable<Operation['result']>): string {
  return Object.entries(result)
    .map(([name, value]) => t.say(`operationResult.${name}`, { value }, `${name} ${String(value)}`))
    .join(' · ');
}
