import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explain } from './explain.js';
import { aContainer, aSpec } from './explain.builders.js';
import type { Facts } from './facts.js';
import { quoted } from './log-signs.js';

const words = fc.constantFrom(
  'CreateContainerConfigError: secret "x" not found',
  'ErrImagePull: not found',
  '0/1 nodes are available: 1 Insufficient cpu',
  'exit code 1',
);
const container = fc
  .record({
    cluster: fc.constantFrom('beijing', 'shanghai'),
    name: fc.constantFrom('a', 'b', 'c'),
    release: fc.constantFrom(2, 3, null),
    state: fc.constantFrom(
      ...(['pending', 'pulling', 'starting', 'running', 'not_ready', 'crash_looping', 'image_error', 'ended'] as const),
    ),
    detail: fc.option(words, { nil: null }),
    ready: fc.boolean(),
    restarts: fc.nat(20),
    restartsLast10Minutes: fc.nat(10),
    lastEnd: fc.option(
      fc.record({
        exitCode: fc.constantFrom(0, 1, 78, 126, 127, 128, 137, 143, null),
        reason: fc.constantFrom('Error', 'OOMKilled', 'Completed', 'StartError', null),
        at: fc.constant(null),
      }),
      { nil: null },
    ),
  })
  .map((change) => aContainer(change));
const line = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom('missing environment variable DB_URL', 'getaddrinfo ENOTFOUND db', 'connect ECONNREFUSED 1.2.3.4:5'),
);
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  release: fc.constantFrom(3, null),
  desired: fc.nat(4),
  ready: fc.nat(4),
  unreadySince: fc.constantFrom(null, '2026-01-01T00:00:00.000Z'),
  spec: fc.constantFrom(null, aSpec(), aSpec({ liveness: { probe: 'tcp', port: 1, path: null } })),
  containers: fc.array(container, { maxLength: 5 }),
  events: fc.constant([]),
  refusals: fc.constantFrom([], [{ cluster: 'beijing', code: 'quota', detail: 'exceeded quota' }]),
  silent: fc.constantFrom([], [{ cluster: 'shanghai', since: null }]),
  log: fc.array(line, { maxLength: 5 }),
  peakMemoryMiB: fc.constantFrom(null, 511),
  lastGood: fc.constantFrom(null, 1),
  wasGood: fc.boolean(),
});

describe('any finding', () => {
  test('has at most 3 actions, no two alike, and a proof', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const finding = explain(facts);
        if (!finding) return;
        expect(finding.actions.length).toBeLessThanOrEqual(3);
        expect(new Set(finding.actions.map((action) => JSON.stringify(action))).size).toBe(finding.actions.length);
        expect(finding.proof.length).toBeGreaterThan(0);
      }),
    );
  });

  test('is the same for the same facts, in whatever order containers are told', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const unique = [...new Map(facts.containers.map((row) => [`${row.cluster}/${row.name}`, row])).values()];
        const told = { ...facts, containers: unique };
        expect(explain({ ...told, containers: [...unique].reverse() })).toEqual(explain(told));
      }),
    );
  });

  test('never offers a rollback when no other release was good', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const codes = explain({ ...facts, lastGood: null })?.actions.map(({ code }) => code) ?? [];
        expect(codes).not.toContain('rollback');
      }),
    );
  });
});

describe('a line as proof', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+]{12,24}$/);

  test.each<[string, (value: string) => string]>([
    ['the password of an address', (value) => `connect ECONNREFUSED postgres://app:${value}@db:5432/x`],
    ['a password', (value) => `login failed: password=${value} user=app`],
    ['a token in JSON', (value) => `{"msg":"refused","token":"${value}"}`],
    ['a bearer', (value) => `Authorization: Bearer ${value}`],
  ])('does not show %s', (_, lineWith) => {
    fc.assert(fc.property(secret, (value) => expect(quoted(lineWith(value))).not.toContain(value)));
  });

  test('is at most 300 characters, without the colours of a terminal', () => {
    expect(quoted(`\u001b[31m${'x'.repeat(400)}\u001b[0m`)).toHaveLength(300);
    expect(quoted('\u001b[31mred\u001b[0m')).toBe('red');
  });
});
