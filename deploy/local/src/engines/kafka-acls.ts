import type { Stream } from '@berth/contracts';
import { serviceNames } from '../state.js';

/** One rule, as plain words; `kafka-topics.ts` turns it into numbers of the protocol. */
export interface AclRule {
  principal: string;
  resource: 'topic' | 'group';
  name: string;
  pattern: 'literal' | 'prefixed';
  operation: 'read' | 'write' | 'describe' | 'describe-configs';
}

/** The outside reader: any `public.*` stream, no other. */
export const outsideReader = 'reader';

/**
 * Who may do what, from the catalogue alone. Everything that is not here is denied. A service may use consumer groups
 * that begin with its own name, so a rebuild reads a stream from its start beside the running group.
 */
export function aclsOf(streams: readonly Stream[]): AclRule[] {
  const topic = (principal: string, name: string, operation: AclRule['operation']): AclRule => ({
    principal,
    resource: 'topic',
    name,
    pattern: 'literal',
    operation,
  });
  const rules = streams.flatMap((stream) => {
    const everyone = [...new Set([...stream.producers, ...stream.consumers])];
    return [
      ...stream.producers.map((service) => topic(service, stream.name, 'write')),
      ...stream.consumers.map((service) => topic(service, stream.name, 'read')),
      ...everyone.map((service) => topic(service, stream.name, 'describe')),
      ...everyone.map((service) => topic(service, stream.name, 'describe-configs')),
    ];
  });
  return [
    ...rules,
    ...serviceNames.map((service) => prefixed(service, 'group', service, 'read')),
    prefixed(outsideReader, 'topic', 'public.', 'read'),
    prefixed(outsideReader, 'topic', 'public.', 'describe'),
    prefixed(outsideReader, 'group', outsideReader, 'read'),
  ];
}

function prefixed(
  principal: string,
  resource: AclRule['resource'],
  name: string,
  operation: AclRule['operation'],
): AclRule {
  return { principal, resource, name, pattern: 'prefixed', operation };
}

/** Text that is equal for equal rules. */
export const aclKey = (rule: AclRule): string =>
  [rule.principal, rule.resource, rule.pattern, rule.name, rule.operation].join(' ');

/** What has to be added and what has to go so that the broker holds exactly the wanted rules. */
export function diffAcls(wanted: AclRule[], present: AclRule[]): { add: AclRule[]; remove: AclRule[] } {
  const keys = (rules: AclRule[]) => new Set(rules.map(aclKey));
  const [wantedKeys, presentKeys] = [keys(wanted), keys(present)];
  return {
    add: wanted.filter((rule) => !presentKeys.has(aclKey(rule))),
    remove: present.filter((rule) => !wantedKeys.has(aclKey(rule))),
  };
}
