import { describe, expect, test } from '@jest/globals';
import { emptyDeploy, emptySpec } from './draft.js';
import { freshDeploy, keyOfDeploy, keyOfSent, sentDeploy } from './kept-deploy.js';

const secret = { name: 'DB_PASSWORD', value: 'hunter2', secret: true, version: null };
const plain = { name: 'LOG_LEVEL', value: 'debug', secret: false, version: null };
const kept = {
  ...freshDeploy({ project: 'wealth', env: 'test' }, undefined),
  draft: {
    ...emptyDeploy,
    code: ' cart ',
    replicas: 7,
    spec: { ...emptySpec, image: 'hub/cart:1', variables: [secret, plain] },
  },
};
const operation = '00000000-0000-4000-8000-000000000001';

describe('what is kept of the deploy form', () => {
  test('test and production of 1 project are 2 drafts, and so are 2 codes', () => {
    const keys = [
      keyOfDeploy({ project: 'wealth', env: 'test' }, undefined),
      keyOfDeploy({ project: 'wealth', env: 'prod' }, undefined),
      keyOfDeploy({ project: 'wealth', env: 'test' }, 'cart'),
    ];
    expect(new Set(keys).size).toBe(3);
  });

  test('what was sent lies where a refused deploy is tried again: at the address of its project, environment and code', () => {
    expect(keyOfSent(kept)).toBe(keyOfDeploy({ project: 'wealth', env: 'test' }, 'cart'));
  });

  test('it is as it was typed, with 7 replicas and the plain variable, and without the value of the secret', () => {
    const sent = sentDeploy(kept, operation);
    expect(sent).toMatchObject({ operation, environment: 'test', draft: { code: ' cart ', replicas: 7 } });
    expect(sent.draft.spec.variables).toEqual([{ ...secret, value: '' }, plain]);
  });

  test('a form of all projects begins without a project, in the test environment', () => {
    expect(freshDeploy({ project: 'all', env: 'all' }, 'cart')).toMatchObject({
      project: '',
      environment: 'test',
      operation: null,
      draft: { code: 'cart' },
    });
  });
});
