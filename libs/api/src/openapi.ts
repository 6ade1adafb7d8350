import { Problem } from '@berth/contracts';
import { z } from 'zod';
import { type Route } from './route.js';
import { routeTable } from './routes.js';

type JsonSchema = Record<string, unknown>;

/** OpenAPI 3.1 of the route table, for `/api/v1/openapi.json` and the reference. */
export function openApi(): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routeTable) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Berth',
      version: '1',
      description:
        'The whole of Berth by HTTP. Every long thing is an operation; every error is application/problem+json.',
    },
    paths,
    components: { schemas: { Problem: schemaOf(Problem) } },
  };
}

function operationOf(route: Route): JsonSchema {
  const ok = route.kind === 'command' ? '202' : '200';
  const media = route.streams ?? 'application/json';
  const body = schemaOf(route.body, 'input');
  return {
    operationId: route.id,
    summary: route.summary,
    'x-permission': route.permission,
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'), ...headersOf(route)],
    ...(hasFields(body) && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [ok]: {
        description: route.kind === 'command' ? 'Accepted: watch the operation.' : 'Done.',
        content: { [media]: { schema: schemaOf(route.response) } },
      },
      default: {
        description: 'A problem.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): JsonSchema[] {
  const shape = schemaOf(schema, 'input');
  const required = new Set((shape.required as string[] | undefined) ?? []);
  return Object.entries((shape.properties as Record<string, JsonSchema> | undefined) ?? {}).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: type,
  }));
}

function headersOf(route: Route): JsonSchema[] {
  const text = { type: 'string' };
  const command = route.kind === 'command';
  return [
    ...(route.ifMatch ? [{ name: 'If-Match', in: 'header', required: true, schema: text }] : []),
    ...(command ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: text }] : []),
    ...(command
      ? [
          {
            name: 'Prefer',
            in: 'header',
            required: false,
            schema: text,
            description: 'wait=N waits up to N seconds for the end.',
          },
        ]
      : []),
  ];
}

const hasFields = (schema: JsonSchema) => Object.keys((schema.properties as object | undefined) ?? {}).length > 0;

function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as JsonSchema;
  return rest;
}
