import { cutText, type OperationStep, type StepFact } from '@berth/contracts';

const silence = 'the cluster does not answer';

/** What a step says in English, for API users; the portal says it from the code and the numbers. */
export function spoken(fact: StepFact): NonNullable<OperationStep['detail']> {
  const text = sentence(fact);
  const isSilent = fact.params?.silent === true;
  if (!isSilent) return cutText(text);
  if (fact.code === 'removing') return `${silence}; what is there is removed when it does`;
  return cutText(text === '' ? silence : `${silence}; last word: ${text}`);
}

function sentence({ code, params = {} }: StepFact): string {
  const cause = [params.cause, params.said].filter((part) => part !== undefined).join(': ');
  switch (code) {
    case 'applied':
      return `release #${params.release}, replicas ${params.replicas}`;
    case 'started':
      return `${params.started}/${params.desired}`;
    case 'ready':
      return `ready ${params.ready}/${params.desired}${cause && `; ${cause}`}`;
    case 'undo':
      return `back to release #${params.release}: ready ${params.ready}/${params.desired}`;
    case 'left':
      return `${params.count} left`;
    case 'waits_for':
      return `waits for the ${params.kind} that runs`;
    default:
      return cause;
  }
}
