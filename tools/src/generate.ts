import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { routeTable, type Route } from '@berth/api';
import { rowsByType, streams, type MessageRow } from '@berth/contracts';
import { breaksExcept, contractReport, type ContractReport } from '@berth/contracts/compatibility';
import { z } from 'zod';

const root = path.join(import.meta.dirname, '../..');
const reportFile = 'libs/contracts/contracts.report.json';

/** Every generated file of the repository: path from the root → text. */
function generated(): Record<string, string> {
  return {
    [reportFile]: json(contractReport()),
    'docs/reference/events.md': eventsReference(),
    'docs/reference/api.md': apiReference(),
    'docs/reference/asyncapi.json': json(asyncApi()),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

const rowsOf = (stream: string): MessageRow[] => [...rowsByType.values()].filter((row) => row.stream.name === stream);

function eventsReference(): string {
  const lines = [
    '# Messages',
    '',
    'Generated from `libs/contracts`. CloudEvents 1.0 in binary mode; the record key is the `subject`.',
    '',
  ];
  for (const stream of streams) {
    lines.push(`## \`${stream.name}\``, '');
    lines.push(
      `${stream.kind}, owned by ${stream.owner}; written by ${stream.producers.join(', ')}; read by ${stream.consumers.join(', ') || 'other internal systems'}; ${stream.cleanup === 'compact' ? 'compacted' : `kept ${(stream.retentionMs ?? 0) / 86_400_000} days`}; ${stream.partitions} partitions.`,
      '',
    );
    lines.push('| type | says | fields |', '| --- | --- | --- |');
    for (const row of rowsOf(stream.name)) lines.push(`| \`${row.type}\` | ${row.summary} | ${fieldsOf(row.schema)} |`);
    lines.push('');
  }
  return lines.join('\n');
}

function fieldsOf(schema: z.ZodType): string {
  const shape = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' });
  const required = new Set(shape.required ?? []);
  return Object.keys(shape.properties ?? {})
    .map((name) => (required.has(name) ? `\`${name}\`` : `\`${name}\`?`))
    .join(', ');
}

function apiReference(): string {
  const lines = [
    '# API',
    '',
    'Generated from `libs/api`. The machine-readable form (OpenAPI 3.1) is served at `/api/v1/openapi.json`.',
    '',
  ];
  lines.push('| route | right | owner | what it does |', '| --- | --- | --- | --- |');
  for (const route of routeTable)
    lines.push(`| \`${route.method} ${route.path}\` | ${rightOf(route)} | ${route.owner} | ${route.summary} |`);
  return `${lines.join('\n')}\n`;
}

function rightOf(route: Route): string {
  const where = { none: '', url: ' in the scope of the address', set: ' anywhere' }[route.scope];
  return route.permission === 'public' ? 'none' : `\`${route.permission}\`${where}`;
}

/** AsyncAPI 3 document of the streams that other internal systems may read. */
function asyncApi(): object {
  const open = streams.filter((stream) => stream.kind === 'public');
  const name = (row: MessageRow) => row.type.replaceAll('.', '_');
  const rows = open.flatMap((stream) => rowsOf(stream.name));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Berth events',
      version: '1.0.0',
      description: 'What Berth promises to other internal systems. CloudEvents 1.0, Kafka binding, binary mode.',
    },
    channels: Object.fromEntries(
      open.map((stream) => [
        stream.name,
        {
          address: stream.name,
          messages: Object.fromEntries(
            rowsOf(stream.name).map((row) => [name(row), { $ref: `#/components/messages/${name(row)}` }]),
          ),
          bindings: { kafka: { topic: stream.name, partitions: stream.partitions, bindingVersion: '0.5.0' } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      open.map((stream) => [
        `receive_${stream.name.replaceAll('.', '_')}`,
        { action: 'receive', channel: { $ref: `#/channels/${stream.name}` } },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        rows.map((row) => [
          name(row),
          {
            name: row.type,
            summary: row.summary,
            contentType: 'application/json',
            payload: z.toJSONSchema(row.schema, { unrepresentable: 'any' }),
          },
        ]),
      ),
    },
  };
}

/** What the report on disk promises and the code no longer keeps, but for the messages and streams that are retired by name. */
function brokenPromises(retired: readonly string[]): string[] {
  const text = readOr(path.join(root, reportFile));
  return text === null ? [] : breaksExcept(JSON.parse(text) as unknown as ContractReport, contractReport(), retired);
}

const howToBreak = `Nothing was written. A promise is changed by a new version: add the message as .v2 beside the old one, let every
reader know both, then move the writers. A message or stream that nobody writes or reads any more is retired by its name:
npm run generate -- --retire <name>. A field that was never released: take the committed report back first.
`;

/**
 * `--check` changes nothing and fails when a file is not what would be written. `--retire <name>`: this message or stream is
 * gone on purpose. Anything else that breaks who reads or writes today is refused.
 */
function main(args: readonly string[]): void {
  const check = args.includes('--check');
  const broken = brokenPromises(args.filter((_, at) => args[at - 1] === '--retire'));
  if (broken.length > 0) {
    process.stderr.write(`The contracts break what was promised:\n  ${broken.join('\n  ')}\n${howToBreak}`);
    process.exitCode = 1;
    return;
  }
  const stale: string[] = [];
  for (const [file, text] of Object.entries(generated())) {
    const target = path.join(root, file);
    if (check) {
      if (readOr(target) !== text) stale.push(file);
    } else {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  if (stale.length > 0) {
    process.stderr.write(`Out of date: ${stale.join(', ')}. Run: npm run generate\n`);
    process.exitCode = 1;
  }
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

main(process.argv.slice(2));
