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

/** Numbers as people read them, beside the parameters as they are. */
function readable(t: Translate, params: Params): Params {
  const memory = (value: Params[string] | undefined) => (typeof value === 'number' ? memoryText(value) : '');
  const { cpuMillis, memoryMiB, code, at } = params;
  return {
    reason: '',
    secret: '',
    exitCode: '?',
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
  return t.say(`finding.${kind}`, readable(t, params), kind).trim();
}

export function proofText(t: Translate, { code, params }: Finding['proof'][number]): string {
  return t.say(`proof.${code}`, readable(t, params), code).trim();
}

/** What a button does, e.g. "Raise memory to 2 GB". */
export function findingActionText(t: Translate, { code, params }: Finding['actions'][number]): string {
  const { field, probe } = params;
  const words = {
    field: typeof field === 'string' ? t.say(`difference.${field}`, undefined, field) : t('tab.settings'),
    probe: probe === 'liveness' ? t('deploy.liveness') : t('deploy.readiness'),
  };
  return t.say(`findingAction.${code}`, { ...readable(t, params), ...words }, code);
}
