import type { Problem } from '@berth/contracts';
import { clusterProblems } from './problems/cluster.js';
import { cmdbProblems } from './problems/cmdb.js';
import { imageProblems } from './problems/image.js';
import type { ProblemKind } from './problems/kind.js';
import { operationProblems } from './problems/operation.js';
import { peopleProblems } from './problems/people.js';
import { platformProblems } from './problems/platform.js';
import { requestProblems } from './problems/request.js';
import { serviceProblems } from './problems/service.js';

type Params = NonNullable<Problem['params']>;

/** Every problem the platform can answer with. The code is the promise; texts may be improved. */
export const problems = {
  ...requestProblems,
  ...peopleProblems,
  ...serviceProblems,
  ...imageProblems,
  ...clusterProblems,
  ...operationProblems,
  ...cmdbProblems,
  ...platformProblems,
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

/** Builds the problem of a code; `{name}` in its sentences is replaced by the parameter of that name. */
export function problemOf(code: ProblemCode, params: Params = {}, extra: Partial<Problem> = {}): Problem {
  const kind: ProblemKind = problems[code];
  const fill = (sentence: string) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
  return {
    code,
    title: kind.title,
    detail: fill(kind.detail),
    actor: kind.actor,
    ...(Object.keys(params).length > 0 && { params }),
    ...(kind.todo && { todo: fill(kind.todo) }),
    ...(kind.stillWorks && { stillWorks: fill(kind.stillWorks) }),
    ...extra,
  };
}

/** What an address or a command may name, in English. */
export const things = {
  address: 'such address',
  business_line: 'business line',
  catalog_service: 'service of the CMDB',
  cluster: 'cluster',
  container: 'container',
  dead_letter: 'dead letter',
  file: 'such file',
  operation: 'operation',
  owner: 'such part of the platform',
  push: 'push',
  service: 'service',
  session: 'session',
  source: 'source',
  token: 'usable token',
  unlinked_service: 'unlinked service',
  user: 'user',
} as const;

/** The parameters of `not_found`: what is not there, as a sentence has it and as a code. */
export function missing(thing: keyof typeof things, name?: string): Params {
  return { thing, ...(name !== undefined && { name }), what: [things[thing], name].filter(Boolean).join(' ') };
}

/** HTTP status of a problem; 500 for a code that this version does not know. */
export function statusOf(problem: Pick<Problem, 'code'>): number {
  return problem.code in problems ? problems[problem.code as ProblemCode].status : 500;
}
