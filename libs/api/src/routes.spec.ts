import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openApi } from './openapi.js';
import { problemOf, problems, statusOf, type ProblemCode } from './problems.js';
import { pathTo } from './route.js';
import { routeTable, routes } from './routes.js';

const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map((match) => match[1]).sort();

describe('the route table', () => {
  test('names every row by its id, once', () => {
    for (const [name, route] of Object.entries(routes)) expect(route.id).toBe(name);
  });

  test('has no two rows for one method and address', () => {
    const addresses = routeTable.map((route) => `${route.method} ${route.path.replace(/:\w+/g, ':')}`);
    expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([]);
  });

  test.each(routeTable.map((route) => [route.id, route] as const))(
    '%s has a schema for exactly the parameters of its path',
    (_, route) => {
      const shape = z.toJSONSchema(route.params, { io: 'input', unrepresentable: 'any' });
      expect(Object.keys(shape.properties ?? {}).sort()).toEqual(parametersOf(route.path));
    },
  );

  test('audits every change, and binds every command to a message of its owner', () => {
    for (const route of routeTable) {
      if (route.kind === 'command' || route.kind === 'direct')
        expect([route.id, route.audited]).toEqual([route.id, true]);
      if (route.kind === 'command') expect(route.command?.row.stream.owner).toBe(route.owner);
      expect(route.kind === 'local').toBe(route.owner === 'gateway');
    }
  });

  test('scopes a route by its address when the address has a project', () => {
    for (const route of routeTable)
      expect([route.id, route.scope === 'url']).toEqual([route.id, route.path.includes(':project')]);
  });

  test('is an OpenAPI 3.1 document with every row in it', () => {
    const document = openApi() as { openapi: string; paths: Record<string, Record<string, { operationId: string }>> };
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => operation.operationId),
    );
    expect(document.openapi).toBe('3.1.0');
    expect(ids.sort()).toEqual(Object.keys(routes).sort());
  });
});

describe('pathTo', () => {
  test('fills in and encodes', () => {
    expect(pathTo(routes.getService, { project: 'shop', environment: 'prod', service: 'a/b' })).toBe(
      '/api/v1/projects/shop/environments/prod/services/a%2Fb',
    );
  });
  test('refuses a missing parameter', () => {
    expect(() => pathTo(routes.getService, { project: 'shop' })).toThrow(TypeError);
  });
});

describe('problems', () => {
  test.each(Object.keys(problems) as ProblemCode[])('%s fills every placeholder that gets a parameter', (code) => {
    const names = [...JSON.stringify(problems[code]).matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
    const problem = problemOf(code, Object.fromEntries(names.map((name) => [name, 'x'])));
    expect(JSON.stringify([problem.detail, problem.todo, problem.stillWorks])).not.toMatch(/\{\w+\}/);
    expect(statusOf(problem)).toBeGreaterThanOrEqual(400);
  });
});
