import type { StepFact } from '@berth/contracts';
import type { Translate } from '../i18n/index.js';

/** What was seen of a cluster, in the reader's language. */
export function clusterProofText(t: Translate, proof: readonly StepFact[]): string {
  return proof
    .map(({ code, params }) => t.say(`clusterProof.${code}`, params, code))
    .join(t.say('clusters.proofJoin', undefined, '; '));
}
