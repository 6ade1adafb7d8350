import { problemOf } from '@berth/api';
import { Problem } from '@berth/contracts';
import type { Translate } from '../i18n/index.js';
import { clusterProofText } from '../ui/cluster-proof.js';
import { endOfParams } from '../ui/end-words.js';

/** A refusal of the platform, as it said it. `status` 0: nothing answered. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number,
    readonly correlationId: string | null = null,
  ) {
    super(problem.code);
    this.name = 'ProblemError';
  }
}

/** Whatever was thrown, as a problem that a page can show. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { code: 'portal_error', title: 'The page broke', detail: String(error), actor: 'platform' };
}

/** Reads an answer that is not 2xx. Something between browser and gateway may answer without a problem. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const correlationId = response.headers.get('x-correlation-id');
  const body: unknown = await response.json().catch(() => null);
  const parsed = Problem.safeParse(body);
  const problem = parsed.success
    ? parsed.data
    : problemOf(response.status >= 500 ? 'service_unavailable' : 'bad_request', { service: 'gateway' });
  return new ProblemError(problem, response.status, correlationId);
}

export interface ProblemText {
  readonly title: string;
  readonly detail: string;
  readonly stillWorks: string | null;
  readonly todo: string | null;
  readonly actor: Problem['actor'];
  readonly rows: readonly { readonly where: string; readonly text: string }[];
}

/** A problem in the reader's language, from its code and numbers; its own English where a code is not known here. */
export function problemText(t: Translate, problem: Problem): ProblemText {
  const params = spokenParams(t, problem);
  const part = (name: string, otherwise: string | undefined) =>
    otherwise === undefined ? null : t.say(`problem.${problem.code}.${name}`, params, otherwise);
  return {
    title: t.say(`problem.${problem.code}.title`, params, problem.title),
    detail: t.say(`problem.${problem.code}.detail`, params, problem.detail).trim(),
    stillWorks: part('stillWorks', problem.stillWorks),
    todo: part('todo', problem.todo),
    actor: problem.actor,
    rows: (problem.code === 'cluster_unreachable' ? [] : (problem.errors ?? [])).map((row) => ({
      where: row.path,
      text: problem.code === 'rollout_deadline' ? laggingText(t, row) : reasonText(t, row),
    })),
  };
}

type Row = NonNullable<Problem['errors']>[number];

const reasonText = (t: Translate, row: Row) =>
  t.say(`reason.${row.code}`, row.params, t.say(`field.${row.code}`, row.params, row.message));

/** How far a cluster came in a roll-out, why not further, and what the cluster itself said. */
function laggingText(t: Translate, { code, params, message }: Row): string {
  if (params?.ready === undefined) return message;
  const count = t('problem.ready', { ready: params.ready, desired: params.desired });
  const cause = t.say(`cause.${code}`, undefined, '');
  return [count, cause, endOfParams(t, params) ?? params.detail].filter(Boolean).join(' · ');
}

/** The parameters with their codes put in words, so that no sentence mixes two languages. */
function spokenParams(t: Translate, { code, params = {}, errors }: Problem): NonNullable<Problem['params']> {
  switch (code) {
    case 'superseded':
    case 'not_cancellable':
      return { ...params, kind: t.say(`operationKind.${params.kind}`, undefined, String(params.kind)) };
    case 'operation_ended':
      return { ...params, state: t.say(`operationState.${params.state}`, undefined, String(params.state)) };
    case 'cancelled':
      return { ...params, stays: staysText(t, params) };
    case 'nothing_to_do': {
      const phase = t.say(`clusterPhase.${params.phase}`, undefined, String(params.phase));
      return { ...params, reason: t.say(`nothing.${params.why}`, { ...params, phase }, String(params.reason)) };
    }
    case 'not_found': {
      const thing = t.say(`thing.${params.thing}`, undefined, '');
      return thing ? { ...params, what: [thing, params.name].filter(Boolean).join(' ') } : params;
    }
    case 'kubeconfig_invalid':
      return { ...params, reason: t.say(`kubeconfig.${params.code}`, params, String(params.reason)) };
    // What was seen of the cluster is its cause, not a list of wrong fields.
    case 'cluster_unreachable':
      return errors ? { ...params, cause: clusterProofText(t, errors) } : params;
    case 'forbidden':
      return {
        ...params,
        permission: t.say(`right.${params.permission}`, undefined, String(params.permission)),
        scope: params.scope === 'platform' ? t('scope.platform') : (params.scope ?? null),
        roles: rolesText(t, String(params.roles)),
      };
    case 'rollout_deadline': {
      const cause = params.causeCode ? t.say(`cause.${params.causeCode}`, undefined, String(params.causeCode)) : '';
      const stillServes =
        params.liveRelease === null
          ? t('problem.nothingServed')
          : t('problem.releaseServes', { release: params.liveRelease });
      return {
        ...params,
        cause: cause && t('problem.causeIn', { cluster: params.cluster, cause }),
        // Only problems of this version name the release that still serves.
        stillServes: params.liveRelease === undefined ? (params.stillServes ?? null) : stillServes,
      };
    }
    default:
      return params;
  }
}

/** What a cancelled operation left, with its numbers. */
function staysText(t: Translate, params: NonNullable<Problem['params']>): string {
  // cluster-mgr knows no releases, only how many there are.
  const counts = params.ready === null ? 'backSoon' : 'backCount';
  const outcome = params.outcome === 'back' && params.liveRelease === undefined ? counts : params.outcome;
  return t.say(`cancel.stays.${outcome}`, params, String(params.stays));
}

/** `developer (project:shop), viewer (platform)` with the names of the roles in words. */
function rolesText(t: Translate, roles: string): string {
  if (roles === 'none') return t('problem.noRole');
  return roles
    .split(', ')
    .map((held) => {
      const [role = ''] = held.split(' ');
      return t.say(`role.${role}`, undefined, role) + held.slice(role.length);
    })
    .join(', ');
}
