import type { DeadLetter } from '@berth/api';
import type { Translate } from '../../i18n/index.js';

/** What kind of message it was, in words where there are some: the verb of an operation, or the type as it is. */
export function messageName({ type }: Pick<DeadLetter, 'type'>, t: Translate): string {
  if (type === null) return t('deadLetters.unknownType');
  const [, aggregate = '', verb = ''] = type.split('.');
  return t.say(
    `operationKind.${aggregate}.${verb}`,
    undefined,
    t.say(`operationKind.service.${verb}`, undefined, type),
  );
}
