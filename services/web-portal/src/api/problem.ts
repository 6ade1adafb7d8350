import { problemOf } from '@berth/api';
import { Problem } from '@berth/contracts';
import type { Translate } from '../i18n/index.js';

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
  const part = (name: string, otherwise: string | undefined) =>
    otherwise === undefined ? null : t.say(`problem.${problem.code}.${name}`, problem.params, otherwise);
  return {
    title: t.say(`problem.${problem.code}.title`, problem.params, problem.title),
    detail: t.say(`problem.${problem.code}.detail`, problem.params, problem.detail),
    stillWorks: part('stillWorks', problem.stillWorks),
    todo: part('todo', problem.todo),
    actor: problem.actor,
    rows: (problem.errors ?? []).map((row) => ({
      where: row.path,
      text: t.say(`reason.${row.code}`, row.params, row.message),
    })),
  };
}
