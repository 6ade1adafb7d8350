import type { Finding, ServiceCause } from '@berth/api';
import type { Translate } from '../i18n/index.js';
import { clockText } from './time.js';
import { memoryText, sizeText } from './words.js';

type Params = Finding['params'];

/** `GET :8080/ready`, `TCP :8080`: how a check asks. */
export function checkText({ probe, port, path }: Params): string {
  const at = port === undefined || port === null ? '' : `:${port}`;
  if (probe === 'http') return `GET ${at}${path ?? ''}`;
  return probe === 'tcp' ? `TCP ${at}` : String(probe ?? '');
}

/** What a sentence may speak of, where the platform did not say it. */
const unknown = {
  ...{ reason: '', secret: '', host: '', address: '', image: '', registry: '', name: '', variable: '', cluster: '' },
  ...{ text: '', exitCode: '?', signal: '?', release: '?', count: '?', minutes: '?', ready: '?', desired: '?' },
  ...{ ranSeconds: '?', at: '?' },
};

/** Numbers as people read them, beside the parameters as they are. */
function readable(t: Translate, params: Params): Params {
  const memory = (value: Params[string] | undefined) => (typeof value === 'number' ? memoryText(value) : '');
  const { cpuMillis, memoryMiB, code, at } = params;
  return {
    ...unknown,
    ...Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null)),
    check: checkText(params),
    limit: memory(params.limitMiB),
    memory: memory(memoryMiB),
    size: typeof cpuMillis === 'number' && typeof memoryMiB === 'number' ? sizeText(t, { cpuMillis, memoryMiB }) : '',
    refusal: typeof code === 'string' ? t.say(`cause.${code}`, undefined, code) : '',
    ...(typeof at === 'string' && { at: clockText(at) }),
  };
}

/** What is the matter, in one sentence: for the Why card, and for lists by the short cause. */
export function findingText(t: Translate, { kind, params }: Pick<Finding | ServiceCause, 'kind' | 'params'>): string {
  const words = readable(t, params);
  const variant = variantOf(kind, params);
  return whole(t.say(`finding.${kind}${variant && `.${variant}`}`, words, t.say(`finding.${kind}`, words, kind)));
}

/** One finding in several cases, each with a sentence of its own. */
function variantOf(kind: Finding['kind'], { variable, exitCode, reason }: Params): string {
  if (kind === 'config_missing' && typeof variable === 'string') return 'variable';
  if (kind === 'config_missing' && typeof exitCode === 'number') return 'exit';
  const hasReasons = kind === 'unschedulable' || kind === 'readiness_failing';
  return hasReasons && typeof reason === 'string' ? reason : '';
}

/** A sentence whose last word is not known ends before its colon. */
function whole(sentence: string): string {
  return sentence.trim().replace(/\s*[：:]$/, '');
}

export function proofText(t: Translate, { code, params }: Finding['proof'][number]): string {
  return whole(t.say(`proof.${code}`, readable(t, params), code));
}

/** What a button does, e.g. "Raise memory to 2 GB". */
export function findingActionText(t: Translate, { code, params }: Finding['actions'][number]): string {
  const { field, probe, name } = params;
  const words = {
    field:
      typeof field !== 'string'
        ? t('tab.settings')
        : [t.say(`difference.${field}`, undefined, field), name].filter(Boolean).join(' '),
    probe: probe === 'liveness' ? t('deploy.liveness') : t('deploy.readiness'),
  };
  return t.say(`findingAction.${code}`, { ...readable(t, params), ...words }, code);
}
