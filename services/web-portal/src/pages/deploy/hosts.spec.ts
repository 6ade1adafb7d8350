import type { HostAlias } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hostAliasesOf, hostAsIn, hostDrafts, parseHosts, withHosts, type HostDraft } from './hosts.js';

const row = (ip: string, names: string): HostDraft => ({ ip, names });

describe('pasted lines of /etc/hosts', () => {
  test('2 addresses out of 6 lines: comments, tabs, capitals and an address in 2 lines are well', () => {
    const text =
      '# partner\n10.2.0.15\tPay.Partner.example  pay # old\r\n\nFD00::8 ledger\n10.2.0.15 risk\n#10.2.0.9 gone';
    expect(parseHosts(text)).toEqual({
      rows: [row('10.2.0.15', 'pay.partner.example pay risk'), row('fd00::8', 'ledger')],
      badLines: [],
    });
  });

  test('of a whole file, the 5 names that every container has of its own are passed over', () => {
    const text = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\n10.2.0.15 pay';
    expect(parseHosts(text)).toEqual({ rows: [row('10.2.0.15', 'pay')], badLines: [] });
  });

  test('lines 1, 2 and 4 that are no address with names are named', () => {
    expect(parseHosts('pay 10.2.0.15\n10.2.0.15\n10.2.0.16 ok\n10.2.0.300 pay')).toEqual({
      rows: [row('10.2.0.16', 'ok')],
      badLines: [1, 2, 4],
    });
  });

  test('a name that comes twice counts with its last address, as a pasted variable does', () => {
    const had = [row('10.2.0.15', 'pay ledger'), row('10.2.0.16', 'risk')];
    expect(parseHosts('10.2.0.17 risk pay').rows.reduce<readonly HostDraft[]>(withHosts, had)).toEqual([
      row('10.2.0.15', 'ledger'),
      row('10.2.0.17', 'risk pay'),
    ]);
  });

  test('any names written as lines of /etc/hosts are read back as they were', () => {
    const address = fc.nat({ max: 255 }).map((last) => `10.2.0.${last}`);
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(\.example)?$/).filter((text) => text !== 'localhost');
    const rows = fc.uniqueArray(fc.tuple(address, name), { selector: ([, text]) => text, maxLength: 40 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const expected = new Map<string, string[]>();
        for (const [ip, text] of pairs) expected.set(ip, [...(expected.get(ip) ?? []), text]);
        const aliases: HostAlias[] = [...expected].map(([ip, hostnames]) => ({ ip, hostnames }));
        const text = aliases.map(({ ip, hostnames }) => `${ip} ${hostnames.join('\t')}`).join('\n');
        expect(hostAliasesOf(parseHosts(text).rows)).toEqual(aliases);
        expect(hostAliasesOf(hostDrafts(aliases))).toEqual(aliases);
      }),
    );
  });
});

describe('the rows of the form', () => {
  test('commas and spaces part names; 1 row without anything is not sent, a half written one is', () => {
    expect(hostAliasesOf([row('10.2.0.15 ', 'pay,ledger，risk'), row(' ', ' , '), row('', 'audit')])).toEqual([
      { ip: '10.2.0.15', hostnames: ['pay', 'ledger', 'risk'] },
      { ip: '', hostnames: ['audit'] },
    ]);
  });

  test.each([
    ['with another address', [row('10.2.0.16', 'pay')], [row('10.2.0.15', 'ledger'), row('10.2.0.16', 'pay')]],
    ['with none', [], [row('10.2.0.15', 'ledger')]],
  ])('one name as another draft has it, %s', (_, from, expected) => {
    expect(hostAsIn([row('10.2.0.15', 'pay ledger')], from, 'pay')).toEqual(expected);
  });
});
