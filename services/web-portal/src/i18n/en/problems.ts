import { problems } from '@berth/api';
import type { zhProblems } from '../zh/problems.js';

type Own = Exclude<
  keyof typeof zhProblems,
  `problem.${keyof typeof problems}.${'title' | 'detail' | 'todo' | 'stillWorks'}`
>;

const own: Record<Own, string> = {
  'problem.what': 'What happened',
  'problem.serves': 'What still serves',
  'problem.who': 'Who must act',
  'problem.todo': 'What to do',
  'problem.trace': 'Trace',
  'problem.ready': 'ready {ready}/{desired}',
  'problem.causeIn': '{cluster}: {cause}.',
  'problem.nothingServed': 'Nothing served before; the objects and logs of this attempt stay.',
  'problem.releaseServes': 'Release #{release} keeps serving.',
  'problem.noRole': 'none',
  'problem.actor.you': 'You',
  'problem.actor.wait': 'Nobody: wait',
  'problem.actor.platform': 'The platform team',
  'problem.portal_error.title': 'The page broke',
  'problem.portal_error.detail': 'An error of the portal, not of yours. Reload the page and try again.',
};

/** The English of a problem is what the API itself says: one text in one place. */
const ofApi = Object.fromEntries(
  Object.entries(problems).flatMap(([code, kind]) =>
    (['title', 'detail', 'todo', 'stillWorks'] as const).flatMap((part) => {
      const text = (kind as Partial<Record<typeof part, string>>)[part];
      return text === undefined ? [] : [[`problem.${code}.${part}`, text] as const];
    }),
  ),
) as Record<Exclude<keyof typeof zhProblems, Own>, string>;

export const enProblems: Record<keyof typeof zhProblems, string> = { ...own, ...ofApi };
