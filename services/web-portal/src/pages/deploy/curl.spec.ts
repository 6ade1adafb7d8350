import { describe, expect, test } from '@jest/globals';
import { curlOfDeploy } from './curl.js';
import { emptyDeploy, emptySpec } from './draft.js';

const place = { project: 'shop', environment: 'test' as const };
const spec = { ...emptySpec, image: 'hub/cart:1' };
const draft = { ...emptyDeploy, code: 'cart', name: "Ann's cart", spec };

describe('the same as curl', () => {
  test('one call with a bearer token; a quote in the name ends nothing', () => {
    const text = curlOfDeploy('https://berth.example', place, draft);
    expect(text.match(/^curl /gm)).toHaveLength(1);
    expect(text).toContain(`"$BERTH/api/v1/projects/shop/environments/test/services"`);
    expect(text).toContain(`-H "authorization: Bearer $BERTH_TOKEN"`);
    expect(text).toContain(`Ann'\\''s cart`);
    expect(text).not.toMatch(/cookie|csrf/i);
  });

  test('names are in the body as they would be sent', () => {
    const hostAliases = [{ ip: '10.2.0.15', names: 'pay ledger' }];
    const text = curlOfDeploy('https://berth.example', place, { ...draft, spec: { ...spec, hostAliases } });
    expect(text.replace(/\s+/g, '')).toContain('"hostAliases":[{"ip":"10.2.0.15","hostnames":["pay","ledger"]}]');
    expect(curlOfDeploy('https://berth.example', place, draft)).not.toContain('hostAliases');
  });

  test('a secret is sealed first; its value comes from a shell variable and its version from the answer', () => {
    const variables = [{ name: 'DB_PASSWORD', value: 'hunter2', secret: true, version: null }];
    const text = curlOfDeploy('https://berth.example', place, { ...draft, spec: { ...spec, variables } });
    const [sealed = '', deployed = ''] = text.split('\n\n').slice(1);
    expect(sealed).toContain(`VERSION_DB_PASSWORD=$(jq -n --arg value "$SECRET_DB_PASSWORD" '{$value}'`);
    expect(sealed).toContain('/services/cart/secrets/DB_PASSWORD"');
    expect(sealed).toMatch(/jq -e \.version\) &&$/);
    expect(deployed).toContain(`"version": '"$VERSION_DB_PASSWORD"'`);
    expect(text).not.toContain('hunter2');
  });
});
