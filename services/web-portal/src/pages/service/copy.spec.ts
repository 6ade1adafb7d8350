import { ServiceSpec } from '@berth/contracts';
import { expect, test } from '@jest/globals';
import { emptySpec, specOf } from '../deploy/draft.js';
import { copiedTo, secretsToAsk } from './copy.js';

const secret = (name: string, version: number) => ({ name, value: '', secret: true, version });
const plain = (name: string, value: string) => ({ name, value, secret: false, version: null });
const spec = (variables: (typeof emptySpec)['variables']) =>
  ServiceSpec.parse(specOf({ ...emptySpec, image: 'web:1.1', variables }));

test('of 2 secrets of test, production keeps its own version 4 of one and asks for the other', () => {
  const source = spec([plain('LEVEL', 'info'), secret('DB_PASSWORD', 7), secret('TOKEN', 2)]);
  const draft = copiedTo(spec([secret('DB_PASSWORD', 4)]), source);
  expect(draft.variables).toEqual([
    plain('LEVEL', 'info'),
    secret('DB_PASSWORD', 4),
    { name: 'TOKEN', value: '', secret: true, version: null },
  ]);
  expect([draft.image, secretsToAsk(draft)]).toEqual(['web:1.1', ['TOKEN']]);
});

test('2 names of an address go with the rest', () => {
  const hostAliases = [{ ip: '10.2.0.15', names: 'pay ledger' }];
  const source = ServiceSpec.parse(specOf({ ...emptySpec, image: 'web:1.1', hostAliases }));
  expect(copiedTo(spec([]), source).hostAliases).toEqual(hostAliases);
});

test('into an environment that has nothing yet, all 2 are asked for', () => {
  expect(secretsToAsk(copiedTo(null, spec([secret('A', 1), secret('B', 1)])))).toEqual(['A', 'B']);
});
