/** What was seen, as a code with its numbers: pages say it in the reader's language. */
export type Proof =
  | { readonly code: 'registered' | 'readmitted' | 'not_probed' | 'nobody_looked'; readonly params: None }
  | { readonly code: 'not_connected' | 'credential_refused' | 'capacity_unknown' | 'no_report'; readonly params: None }
  | { readonly code: 'answers'; readonly params: { readonly latencyMs: number } }
  | {
      readonly code: 'unhealthy' | 'wrong_certificate' | 'no_answer';
      /** `detail` is what the connection said; empty when it said nothing. */
      readonly params: { readonly looks: number; readonly seconds: number; readonly detail: string };
    }
  | { readonly code: 'older_epoch'; readonly params: { readonly epoch: number } }
  | { readonly code: `watch_${'connecting' | 'live' | 'stale' | 'denied'}`; readonly params: None }
  | { readonly code: 'heard'; readonly params: { readonly seconds: number } }
  | { readonly code: 'never_heard' | 'awaits_readmission'; readonly params: None }
  | { readonly code: 'was_lost'; readonly params: { readonly seconds: number } };
type None = Readonly<Record<string, never>>;

/** For logs and for whoever reads the API. */
export function proofText(proofs: readonly Proof[]): string {
  return proofs.map(sentence).join('; ');
}

const plain = {
  registered: 'registered',
  readmitted: 'readmitted',
  not_probed: 'waits for the first look at its API server',
  nobody_looked: 'nobody looked at its API server lately',
  not_connected: 'ipaas has not connected yet',
  credential_refused: 'it refuses the credential of the platform',
  capacity_unknown: 'its capacity is not known yet',
  no_report: 'no report of its watch',
  watch_connecting: 'watch connecting',
  watch_live: 'watch live',
  watch_stale: 'watch stale',
  watch_denied: 'watch denied',
  never_heard: 'never heard',
  awaits_readmission: 'waits to be readmitted',
} as const;
const looked = {
  unhealthy: 'is not healthy',
  wrong_certificate: 'shows a wrong certificate',
  no_answer: 'does not answer',
} as const;

function sentence({ code, params }: Proof): string {
  switch (code) {
    case 'answers':
      return `answers in ${params.latencyMs} ms`;
    case 'unhealthy':
    case 'wrong_certificate':
    case 'no_answer': {
      const since = params.looks > 1 ? ` for ${params.looks} looks in ${params.seconds} s` : '';
      return `${looked[code]}${since}${params.detail && ` (${params.detail})`}`;
    }
    case 'older_epoch':
      return `ipaas still watches it under epoch ${params.epoch}`;
    case 'heard':
      return `last heard ${params.seconds} s ago`;
    case 'was_lost':
      return `was lost for ${params.seconds} s`;
    default:
      return plain[code];
  }
}
