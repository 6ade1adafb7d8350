import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { catalogue, rowsByType, streams, type HandlersFor } from './catalogue.js';
import { breaks, breaksExcept, contractReport, type ContractReport, type JsonSchema } from './compatibility.js';

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

  test.each([...rowsByType.values()])('$type ignores fields that it does not know, at any depth', ({ schema }) => {
    // As input, an object that passes over unknown fields says nothing of them; one that refuses them says false.
    const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    expect(text).not.toContain('"additionalProperties":false');
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

const recordOf = (type: string): JsonSchema => ({ type: 'object', additionalProperties: { type } });

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

  const held = (schema: JsonSchema): JsonSchema => ({ type: 'object', properties: { a: schema }, required: [] });
  const text = { type: 'string', minLength: 1, maxLength: 100 };
  test.each<[string, JsonSchema, JsonSchema, number]>([
    ['a longer text', text, { ...text, maxLength: 200 }, 0],
    ['a shorter text', text, { ...text, maxLength: 99 }, 1],
    ['a text that may no longer be short', text, { ...text, minLength: 2 }, 1],
    ['a limit that was not there', { type: 'array' }, { type: 'array', maxItems: 5 }, 1],
    ['a limit less', { type: 'integer', maximum: 5 }, { type: 'integer' }, 0],
    ['a pattern that was not there', text, { ...text, pattern: '^a' }, 1],
    ['another pattern', { ...text, pattern: '^b' }, { ...text, pattern: '^a' }, 1],
    ['a pattern less', { ...text, pattern: '^b' }, text, 0],
    ['another literal', { const: 'x' }, { const: 'y' }, 1],
    ['an enum of 2 that became a literal', { enum: ['x', 'y'] }, { const: 'x' }, 1],
    ['a literal that became an enum with it', { const: 'x' }, { enum: ['x', 'y'] }, 0],
    ['any text that became an enum', { type: 'string' }, { type: 'string', enum: ['x'] }, 1],
    ['a record of numbers for one of texts', recordOf('string'), recordOf('number'), 1],
    [
      'a record whose names have a pattern now',
      recordOf('string'),
      { ...recordOf('string'), propertyNames: { pattern: 'a' } },
      1,
    ],
    ['a record that became closed', recordOf('string'), { type: 'object', additionalProperties: false }, 1],
    ['other words about it', { ...text, description: 'a' }, { ...text, description: 'b' }, 0],
  ])('%s (case %#)', (_, before, now, count) => {
    expect(breaks(report(held(before)), report(held(now)))).toHaveLength(count);
  });

  test('a message that is gone is a break, unless it is retired by its name', () => {
    const empty = { streams: {}, messages: {} };
    expect(breaks(report(base), empty)).toEqual(['a.b.c.v1 is gone']);
    expect(breaksExcept(report(base), empty, ['a.b.d.v1'])).toEqual(['a.b.c.v1 is gone']);
    expect(breaksExcept(report(base), empty, ['a.b.c.v1'])).toEqual([]);
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
