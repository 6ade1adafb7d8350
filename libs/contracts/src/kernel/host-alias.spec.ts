import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isIP } from 'node:net';
import { ServiceSpec, tolerant, type HostAlias } from './spec.js';

const spec: ServiceSpec = {
  image: 'shop/cart:1.0',
  size: { cpuMillis: 1000, memoryMiB: 1024 },
  ports: [],
  variables: [],
  readiness: null,
  liveness: null,
  startupAllowanceSeconds: 60,
  gracefulStopSeconds: 30,
  runAsUser: null,
  rolloutDeadlineSeconds: 300,
};
const parsed = (hostAliases: readonly unknown[]) => ServiceSpec.safeParse({ ...spec, hostAliases });
/** Path and message of what is wrong. */
const wrong = (...hostAliases: readonly unknown[]) =>
  parsed(hostAliases).error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? [];
const alias = (ip: string, ...hostnames: string[]): HostAlias => ({ ip, hostnames });
const label = 'a'.repeat(63);

describe('the names that containers resolve', () => {
  test('a spec from before there were names is read, and stays without them', () => {
    expect(ServiceSpec.parse(spec)).toEqual(spec);
    expect(tolerant.ServiceSpec.parse(spec)).not.toHaveProperty('hostAliases');
  });

  test.each([
    alias('10.2.0.15', 'pay'),
    alias('10.2.0.15', 'pay', 'pay.partner.example', 'p-1.x9'),
    alias('fd00::8', 'ledger'),
    alias('2001:DB8:0:0:0:0:0:1', 'ledger'),
    alias('127.0.0.1', 'blocked.example'),
    alias('0.0.0.0', 'blocked.example'),
    alias('10.2.0.15', `${label}.${label}.${label}.${'a'.repeat(61)}`),
    alias('10.2.0.15', '9to5.example', 'svc.example', 'mysvc', 'cluster.local.example', 'mylocalhost'),
  ])('%j passes', (row) => {
    expect(wrong(row)).toEqual([]);
  });

  test.each([
    ['10.2.0', '10.2.0.256', '010.2.0.15', '10.2.0.15/24', 'fd00::8%eth0', '[fd00::8]', '1::2::3', '::ffff:10.2.0.15'],
    ['', 'pay', ' 10.2.0.15', '10.2.0.15\n', '::1"@x', '2001:db8::12345'],
  ])('8 and 6 texts that are no address are refused by field (%#)', (...texts) => {
    for (const ip of texts.filter((text) => text !== undefined))
      expect([ip, wrong({ ip, hostnames: ['pay'] })]).toEqual([ip, [['hostAliases.0.ip', 'an IPv4 or IPv6 address']]]);
  });

  const form = 'a DNS name: a-z, 0-9, dashes and dots, lower case';
  const own = 'localhost and its like belong to the container itself';
  const cluster = "names that end with .svc or .cluster.local are the cluster's own";
  const number = 'a name, not an address: its last part is a number';
  test.each([
    ['Pay', form],
    ['pay_1', form],
    ['-pay', form],
    ['pay-', form],
    ['pay..example', form],
    ['pay.', form],
    ['pay example', form],
    ['支付', form],
    ['', form],
    [`${label}a`, form],
    [`${label}.${label}.${label}.${'a'.repeat(62)}`, form],
    ['localhost', own],
    ['a.localhost', own],
    ['localhost.localdomain', own],
    ['ip6-loopback', own],
    ['ip6-allnodes', own],
    ['cart.shop-prod.svc', cluster],
    ['cart.shop-prod.svc.cluster.local', cluster],
    ['cluster.local', cluster],
    ['svc', cluster],
    ['10.2.0.15', number],
    ['7', number],
  ])('the name %j is refused: %s', (name, message) => {
    expect(wrong(alias('10.2.0.15', 'pay', name))).toEqual([['hostAliases.0.hostnames.1', message]]);
  });

  test('16 names of one address and 32 addresses pass, one more does not, nor an address without a name', () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `n-${at}`);
    const rows = (count: number) => Array.from({ length: count }, (_, at) => alias(`10.2.0.${at}`, `n-${at}`));
    expect(wrong(alias('10.2.0.15', ...names(16)))).toEqual([]);
    expect(wrong(alias('10.2.0.15', ...names(17))).map(([path]) => path)).toEqual(['hostAliases.0.hostnames']);
    expect(wrong(alias('10.2.0.15')).map(([path]) => path)).toEqual(['hostAliases.0.hostnames']);
    expect(wrong(...rows(32))).toEqual([]);
    expect(wrong(...rows(33)).map(([path]) => path)).toEqual(['hostAliases']);
  });

  test.each([
    ['a name of 2 addresses', [alias('10.2.0.15', 'pay'), alias('fd00::8', 'pay')], 'the name pay is given twice'],
    ['a name twice in one line', [alias('10.2.0.15', 'pay', 'pay')], 'the name pay is given twice'],
    [
      'an address in 2 lines',
      [alias('10.2.0.15', 'a'), alias('10.2.0.15', 'b')],
      'the address 10.2.0.15 is given twice',
    ],
    ['one address in 2 ways', [alias('fd00::8', 'a'), alias('FD00:0::8', 'b')], 'the address fd00::8 is given twice'],
  ])('%s is refused', (_, rows, message) => {
    expect(wrong(...rows)).toEqual([['hostAliases', message]]);
  });

  test('an unknown field of a line is refused in a request and passed over in a message', () => {
    const rows = [{ ...alias('10.2.0.15', 'pay'), note: 'x' }];
    expect(parsed(rows).success).toBe(false);
    expect(tolerant.ServiceSpec.parse({ ...spec, hostAliases: rows }).hostAliases).toEqual([alias('10.2.0.15', 'pay')]);
  });

  test('of any text, what passes as an address is one', () => {
    const written = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6(),
      fc.string(),
      fc.stringMatching(/^[0-9a-f:.%]{1,20}$/),
    );
    fc.assert(
      fc.property(written, (ip) => wrong(alias(ip, 'pay')).length > 0 || isIP(ip) > 0),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.ipV4(), (ip) => wrong(alias(ip, 'pay')).length === 0));
    fc.assert(fc.property(fc.ipV6(), (ip) => ip.includes('.') || wrong(alias(ip, 'pay')).length === 0));
  });
});
