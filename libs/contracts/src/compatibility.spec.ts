import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { catalogue, rowsByType, streams, type HandlersFor } from './catalogue.js';
import { breaks, contractReport, type ContractReport, type JsonSchema } from './compatibility.js';

const root = path.join(import.meta.dirname, '..');
const committed = JSON.parse(
  readFileSync(path.join(root, 'contracts.report.json'), 'utf8'),
) as unknown as ContractReport;
const golden = (type: string) => path.join(root, 'golden', type);

describe('the catalogue', () => {
  test('has no change that breaks who reads or writes today', () => {
    expect(breaks(committed, contractReport())).toEqual([]);
  });

  test('is the one in contracts.report.json (npm run generate writes it)', () => {
    expect(JSON.parse(JSON.stringify(contractReport()))).toEqual(committed);
  });

  test.each([...rowsByType.keys()])('%s has golden files, and every one of them can still be read', (type) => {
    expect(existsSync(golden(type))).toBe(true);
    const files = readdirSync(golden(type));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const parsed = rowsByType
        .get(type)
        ?.schema.safeParse(JSON.parse(readFileSync(path.join(golden(type), file), 'utf8')));
      expect({ file, problems: parsed?.error?.issues ?? [] }).toEqual({ file, problems: [] });
    }
  });

  test('names every command in the imperative stream of its owner, and every event in the stream of its producer', () => {
    for (const row of Object.values(catalogue)) {
      const infix = { command: '.cmd.', event: '.evt.', state: '.state.', public: '' }[row.stream.kind];
      expect(row.stream.name).toContain(infix);
      if (row.stream.kind !== 'public') expect(row.type.startsWith(`${row.stream.owner}.`)).toBe(true);
      expect(row.type).toMatch(/\.v\d+$/);
    }
  });

  test('lets a service consume only from streams that grant it', () => {
    for (const row of rowsByType.values())
      for (const consumer of row.consumers) expect(row.stream.consumers).toContain(consumer);
  });

  test('has each stream once', () => {
    expect(new Set(streams.map((stream) => stream.name)).size).toBe(streams.length);
  });
});

describe('breaks', () => {
  const report = (schema: JsonSchema): ContractReport => ({
    streams: {},
    messages: { 'a.b.c.v1': { stream: 's', schema } },
  });
  const base = { type: 'object', properties: { a: { type: 'string' }, b: { enum: ['x', 'y'] } }, required: ['a'] };

  test.each([
    ['an optional field more', { ...base, properties: { ...base.properties, c: { type: 'number' } } }, 0],
    [
      'a required field more',
      { ...base, properties: { ...base.properties, c: { type: 'number' } }, required: ['a', 'c'] },
      1,
    ],
    ['a field less', { ...base, properties: { a: { type: 'string' } } }, 1],
    ['another type', { ...base, properties: { ...base.properties, a: { type: 'number' } } }, 1],
    ['an enum value less', { ...base, properties: { ...base.properties, b: { enum: ['x'] } } }, 1],
    ['a required field that became optional', { ...base, required: [] }, 1],
  ])('%s makes %i breaks of it', (_, schema, count) => {
    expect(breaks(report(base), report(schema))).toHaveLength(count);
  });

  test('a message that is gone is a break', () => {
    expect(breaks(report(base), { streams: {}, messages: {} })).toEqual(['a.b.c.v1 is gone']);
  });
});

/** Compile-time: a service without one of its handlers does not compile. */
describe('HandlersFor', () => {
  test('asks for every message that a service consumes', () => {
    const handled: (keyof HandlersFor<'ipaas', object>)[] = [
      'deployService',
      'placed',
      'unplaceable',
      'clusterState',
      'projectState',
      'catalogServiceState',
    ];
    // @ts-expect-error ipaas does not consume its own state
    handled.push('serviceState');
    // @ts-expect-error deployService and others are missing
    const incomplete: HandlersFor<'ipaas', object> = { placed: async () => undefined };
    expect(Object.keys(incomplete)).toHaveLength(1);
  });
});
