import { describe, expect, test } from '@jest/globals';
import { commandStream, eventStream, publicStream, streams } from '@berth/contracts';
import { aclKey, aclsOf, diffAcls } from './kafka-acls.js';

const rules = (all = [commandStream('ipaas', 'service', ['gateway']), publicStream('ipaas', 'service')]) =>
  aclsOf(all).map(aclKey);

describe('access rules of Kafka', () => {
  test('a command stream is written by its producer and read by its owner, by nobody else', () => {
    const commands = rules().filter((rule) => rule.includes('ipaas.cmd.service.v1') && /read|write/.test(rule));
    expect(commands).toEqual([
      'gateway topic literal ipaas.cmd.service.v1 write',
      'ipaas topic literal ipaas.cmd.service.v1 read',
    ]);
  });

  test('the outside reader reads public streams only', () => {
    const reader = rules().filter((rule) => rule.startsWith('reader '));
    expect(reader).toEqual([
      'reader topic prefixed public. read',
      'reader topic prefixed public. describe',
      'reader group prefixed reader read',
    ]);
  });

  test('each of the 6 services has consumer groups under its own name only', () => {
    const groups = rules().filter((rule) => rule.includes(' group ') && !rule.startsWith('reader'));
    expect(groups).toHaveLength(6);
    for (const rule of groups) expect(rule).toBe(`${rule.split(' ')[0]} group prefixed ${rule.split(' ')[0]} read`);
  });

  test('the whole catalogue makes no rule twice', () => {
    const all = aclsOf(streams).map(aclKey);
    expect(new Set(all).size).toBe(all.length);
  });

  test('a stream that lost a consumer takes the right away', () => {
    const before = aclsOf([eventStream('ipaas', 'operation', ['gateway', 'codeflow'])]);
    const after = aclsOf([eventStream('ipaas', 'operation', ['gateway'])]);
    const { add, remove } = diffAcls(after, before);
    expect(add).toEqual([]);
    expect(remove.map((rule) => `${rule.principal} ${rule.operation}`)).toEqual([
      'codeflow read',
      'codeflow describe',
      'codeflow describe-configs',
    ]);
  });
});
