import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rowsByType } from '../catalogue.js';
import { scaleService } from '../cluster-mgr/commands.js';
import { serviceState } from '../ipaas/states.js';
import type { Envelope } from './envelope.js';
import { parseRecord, toHeaders } from './parse.js';

const uid = '0198e0f6-0000-7000-8000-000000000001';
const envelope: Envelope = {
  id: '0198e0f6-0000-7000-8000-000000000002',
  source: 'gateway',
  type: scaleService.type,
  time: '2026-11-21T09:00:00.000Z',
  subject: 'shop/prod/cart',
  uid,
  sequence: 7,
  correlationId: 'c-1',
  operationId: '0198e0f6-0000-7000-8000-000000000003',
  actor: { id: 'u1', name: '林晓', channel: 'portal' },
};
const value = JSON.stringify({ key: 'shop/prod/cart', uid, replicas: 6 });

describe('parseRecord', () => {
  test('what toHeaders wrote is read back equal', () => {
    const parsed = parseRecord({ headers: toHeaders(envelope), value }, rowsByType);
    expect(parsed).toMatchObject({ kind: 'known', row: { type: scaleService.type }, envelope, data: { replicas: 6 } });
  });

  test('unknown fields are ignored, so that an older reader takes a newer message', () => {
    const newer = JSON.stringify({ key: 'shop/prod/cart', uid, replicas: 6, later: true });
    expect(parseRecord({ headers: toHeaders(envelope), value: newer }, rowsByType).kind).toBe('known');
  });

  test.each([
    ['subject', { ...envelope, subject: 'shop/prod/cart\u0000' }],
    ['correlationId', { ...envelope, correlationId: '\u0000' }],
    ['actor.name', { ...envelope, actor: { id: 'u', name: '\ud83d', channel: 'portal' as const } }],
  ])('an envelope whose %s no table can hold is invalid, and nothing of it is used', (field, odd) => {
    const parsed = parseRecord({ headers: toHeaders(odd), value }, rowsByType);
    expect(parsed).toEqual({ kind: 'invalid', reason: `envelope: ${field}: custom`, envelope: null });
  });

  test('a type that is not in the catalogue is unknown, not invalid', () => {
    const headers = toHeaders({ ...envelope, type: 'ipaas.service.sing.v9' });
    expect(parseRecord({ headers, value }, rowsByType)).toMatchObject({
      kind: 'unknown',
      type: 'ipaas.service.sing.v9',
    });
  });

  test.each([
    ['bad JSON', { headers: toHeaders(envelope), value: '{bad' }, 'the value is not JSON'],
    ['a tombstone on a command stream', { headers: toHeaders(envelope), value: null }, 'no value'],
    ['no headers', { headers: {}, value }, 'not a CloudEvents'],
    [
      'a subject that is not the key',
      { headers: toHeaders({ ...envelope, subject: 'shop/prod/other' }), value },
      'not the key',
    ],
    ['a sequence of zero', { headers: { ...toHeaders(envelope), ce_sequence: '0' }, value }, 'sequence'],
    ['an actor that is not JSON', { headers: { ...toHeaders(envelope), ce_actor: '{' }, value }, 'actor'],
  ])('%s is invalid and says why', (_, record, reason) => {
    const parsed = parseRecord(record, rowsByType);
    expect(parsed.kind).toBe('invalid');
    expect(parsed.kind === 'invalid' && parsed.reason).toContain(reason);
  });

  test('a reason names fields and never quotes a value', () => {
    const parsed = parseRecord(
      {
        headers: toHeaders(envelope),
        value: JSON.stringify({ key: 'shop/prod/cart', uid: 'hunter2', replicas: 'hunter2' }),
      },
      rowsByType,
    );
    expect(parsed.kind === 'invalid' && parsed.reason).toMatch(/uid.*replicas/);
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });

  test('the tombstone of a state stream is known, with data null', () => {
    const headers = toHeaders({ ...envelope, type: serviceState.type });
    expect(parseRecord({ headers, value: null }, rowsByType)).toMatchObject({ kind: 'known', data: null });
  });

  test('nothing that comes from the wire makes it throw', () => {
    const types = [...rowsByType.keys()];
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string()),
        fc.option(fc.oneof(fc.string(), fc.json()), { nil: null }),
        fc.constantFrom(...types),
        fc.boolean(),
        (extra, body, type, wellFormed) => {
          const headers = wellFormed ? { ...toHeaders({ ...envelope, type }), ...extra } : extra;
          expect(['known', 'unknown', 'invalid']).toContain(parseRecord({ headers, value: body }, rowsByType).kind);
        },
      ),
      { numRuns: 500 },
    );
  });
});
