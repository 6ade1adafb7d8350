import { describe, expect, test } from '@jest/globals';
import { ProblemError } from '@berth/platform/errors';
import { hashOfRequest, readIdempotencyKey, readIfMatch, readWaitMs } from './request.js';

const codeOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    return error instanceof ProblemError ? error.problem.code : error;
  }
};

describe('If-Match', () => {
  test.each([
    ['"7"', true, 7],
    [undefined, true, 'if_match_required'],
    ['7', true, 'bad_request'],
    ['*', true, 'bad_request'],
    ['W/"7"', true, 'bad_request'],
    [undefined, false, null],
    ['"7"', false, 7],
    ['*', false, null],
  ])('%s where required is %s gives %s', (header, ifMatch, expected) =>
    expect(codeOf(() => readIfMatch({ ifMatch }, header))).toBe(expected),
  );
});

describe('Prefer', () => {
  test.each([
    ['wait=10', 10_000],
    ['respond-async, wait=5', 5_000],
    ['wait="7"', 7_000],
    ['wait=600', 60_000],
    ['respond-async', 0],
    ['nowait=5', 0],
    [undefined, 0],
  ])('%s waits %s ms', (header, expected) => expect(readWaitMs(header)).toBe(expected));
});

test('an Idempotency-Key has 1 to 200 printable characters', () => {
  const given = ['k', 'x'.repeat(200), 'x'.repeat(201), '', 'a b', '键', undefined];
  expect(given.map((key) => codeOf(() => readIdempotencyKey(key)))).toEqual([
    'k',
    'x'.repeat(200),
    ...Array<string>(4).fill('bad_request'),
    null,
  ]);
});

describe('the hash of a request', () => {
  const request = {
    route: 'scaleService',
    params: { a: '1', b: '2' },
    query: {},
    body: { replicas: 3 },
    ifVersion: null,
  };
  test('does not see the order of fields', () => {
    expect(hashOfRequest({ ...request, params: { b: '2', a: '1' } })).toBe(hashOfRequest(request));
  });
  test('sees another route, parameter, query, body and version', () => {
    const others = [
      { route: 'stopService' },
      { params: { a: '1', b: '3' } },
      { query: { cause: 'x' } },
      { body: { replicas: 4 } },
      { ifVersion: 1 },
    ];
    expect(new Set([request, ...others.map((other) => ({ ...request, ...other }))].map(hashOfRequest)).size).toBe(6);
  });
});
