import { clusterState, scaleService, serviceState, toHeaders, type MessageRow } from '@berth/contracts';
import { aRecord } from '@berth/testing';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { RelayedRecord } from '../outbox/index.js';
import { operationKindOf } from './dead-letter-writer.js';
import { sortRecord, type ArrivedRecord } from './record.js';

const key = 'shop/prod/cart';
const scale = aRecord(scaleService, { key, uid: '11111111-1111-4111-8111-111111111111', replicas: 3 });

function arrived(row: MessageRow, record: RelayedRecord, given: Partial<ArrivedRecord> = {}): ArrivedRecord {
  return {
    stream: row.stream.name,
    partition: 0,
    offset: 7,
    key: record.key,
    headers: toHeaders(record.envelope),
    value: record.data === null ? null : Buffer.from(record.data),
    ...given,
  };
}

describe('a record', () => {
  test('of a message that the service consumes is handled', () => {
    expect(sortRecord(arrived(scaleService, scale), 'cluster-mgr')).toMatchObject({
      kind: 'handle',
      row: { type: scaleService.type },
      parsed: { data: { replicas: 3 } },
    });
  });

  test('of a message that others consume is skipped', () => {
    expect(sortRecord(arrived(scaleService, scale), 'ipaas')).toMatchObject({ kind: 'skip', why: 'not_consumed' });
  });

  test('of a type that this version does not know is skipped', () => {
    const headers = { ...toHeaders(scale.envelope), ce_type: 'cluster-mgr.placement.scale.v9' };
    expect(sortRecord(arrived(scaleService, scale, { headers }), 'cluster-mgr')).toMatchObject({
      kind: 'skip',
      why: 'unknown',
    });
  });

  test('without a value is a tombstone on a state stream', () => {
    const stone = aRecord(serviceState, null, { subject: key });
    expect(sortRecord(arrived(serviceState, stone), 'cluster-mgr')).toMatchObject({
      kind: 'handle',
      parsed: { data: null },
    });
  });

  test.each<[string, Partial<ArrivedRecord>, string]>([
    ['on another stream', { stream: clusterState.stream.name }, `the type ${scaleService.type} belongs to the stream`],
    ['with another key than its subject', { key: 'shop/prod/pay' }, 'not keyed by its subject'],
    ['without a value', { value: null }, 'only state streams have tombstones'],
    ['that is not JSON', { value: Buffer.from('{') }, 'not JSON'],
    [
      'with a field of another type',
      { value: Buffer.from(`{"key":"${key}","replicas":"3"}`) },
      'replicas: invalid_type',
    ],
    ['without headers', { headers: {} }, 'ce_specversion'],
    [
      'from a service that may not write there',
      { headers: { ...toHeaders(scale.envelope), ce_source: 'codeflow' } },
      'may not write to this stream',
    ],
  ])('%s is invalid', (_, given, reason) => {
    const sorted = sortRecord(arrived(scaleService, scale, given), 'cluster-mgr');
    expect(sorted).toMatchObject({ kind: 'invalid', reason: expect.stringContaining(reason) });
  });

  test('of any bytes and headers is sorted without a throw, and never handled with data that breaks the schema', () => {
    const headers = fc.dictionary(fc.constantFrom(...Object.keys(toHeaders(scale.envelope))), fc.string());
    fc.assert(
      fc.property(headers, fc.option(fc.uint8Array()), fc.boolean(), (given, bytes, isClose) => {
        const mixed = isClose ? { ...toHeaders(scale.envelope), ...given } : given;
        const value = bytes === null ? null : Buffer.from(bytes);
        const sorted = sortRecord(arrived(scaleService, scale, { headers: mixed, value }), 'cluster-mgr');
        return sorted.kind !== 'handle' || sorted.row.schema.safeParse(sorted.parsed.data).success;
      }),
      { numRuns: 300 },
    );
  });
});

describe('the operation of a command', () => {
  test.each([
    ['ipaas.service.deploy.v1', 'service.deploy'],
    ['ipaas.service.rollback.v2', 'service.rollback'],
    ['cluster-mgr.placement.scale.v1', 'service.scale'],
    ['cluster-mgr.placement.stop.v1', 'service.stop'],
    ['cluster-mgr.placement.place.v1', 'service.deploy'],
    ['cluster-mgr.placement.release.v1', 'service.delete'],
    ['cluster-mgr.cluster.register.v1', 'cluster.register'],
    ['codeflow.moon.land.v1', undefined],
  ])('%s is %s', (type, kind) => {
    expect(operationKindOf(type)).toBe(kind);
  });
});
