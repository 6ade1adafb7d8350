import { routes } from '@berth/api';
import { describeScopes, ownerHttp, type OwnerHttp } from '@berth/testing';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { AppModule } from './app.module.js';
import { loadConfig } from './config.js';
import { migrations } from './migrations/index.js';

let http: OwnerHttp;

beforeAll(async () => {
  http = await ownerHttp({ service: 'dolphinsync', module: AppModule, migrations, config: loadConfig });
  const pushed = await http.app.inject({
    method: 'POST',
    url: routes.pushCmdb.path,
    headers: await http.as('cmdb.push'),
    payload: {
      source: 'cmdb',
      version: 1,
      businessLines: ['mine', 'theirs'].map((line) => ({ cmdbId: `l-${line}`, code: `line-${line}`, name: line })),
      projects: ['mine', 'theirs'].map((code) => ({ cmdbId: code, code, name: code, businessLine: `l-${code}` })),
      services: ['mine', 'theirs'].map((code) => ({ cmdbId: `s-${code}`, code: 'cart', name: code, project: code })),
    },
  });
  expect(pushed.statusCode).toBe(200);
}, 60_000);
afterAll(() => http.close());

describeScopes('dolphinsync', () => http, { listProjects: 'project' });
