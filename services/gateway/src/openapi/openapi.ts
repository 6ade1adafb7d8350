import { csrfHeader, sessionCookie } from '../session/session.js';
import type { Route } from '@berth/api';
import { Problem } from '@berth/contracts';
import { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** The API as OpenAPI 3.1, from the route table and nothing else. */
export function openApiOf(table: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of table) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Berth',
      version,
      description: 'The public API of Berth. Every error is a problem with a stable code.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: csrfHeader,
          description: 'Needed with the cookie for every change',
        },
        token: { type: 'http', scheme: 'bearer', description: 'A machine token' },
      },
    },
  };
}

function operationOf(route: Route): Json {
  const changes = route.method !== 'GET';
  const hasBody = changes && Object.keys(propertiesOf(route.body)).length > 0;
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.owner],
    'x-permission': route.permission,
    security: securityOf(route, changes),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(route.kind === 'command' ? commandHeaders(route) : []),
    ],
    ...(hasBody && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
    }),
    responses: responsesOf(route),
  };
}

function securityOf(route: Route, changes: boolean): Json[] {
  if (route.permission === 'public') return [];
  const session = changes ? { session: [], csrf: [] } : { session: [] };
  if (route.permission === 'cmdb.push') return [{ token: [] }];
  return route.permission === 'cmdb.pull' ? [{ token: [] }, session] : [session];
}

function responsesOf(route: Route): Json {
  const type = route.streams ?? 'application/json';
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const schema = schemaOf(route.response, 'output');
  if (route.id === 'logout') return { '204': { description: 'Logged out' }, default: problem };
  const status =
    route.kind === 'command' ? '202' : route.id === 'createUser' || route.id === 'createToken' ? '201' : '200';
  return { [status]: { description: 'Done', content: { [type]: { schema } } }, default: problem };
}

function commandHeaders(route: Route): Json[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  });
  return [
    header('Idempotency-Key', false, 'The same key with the same request is one operation, for 24 hours'),
    header('Prefer', false, '`wait=N` waits up to N seconds, at most 60, for the end of the operation'),
    ...(route.ifMatch ? [header('If-Match', true, 'The ETag that was read')] : []),
  ];
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const required = new Set((schemaOf(schema, 'input').required as string[] | undefined) ?? []);
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: property,
  }));
}

function propertiesOf(schema: z.ZodType): Json {
  return (schemaOf(schema, 'input').properties as Json | undefined) ?? {};
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  }) as Record<string, unknown>;
  return rest;
}
