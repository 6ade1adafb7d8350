import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DatabaseUnavailable } from '../errors/index.js';
import { isConflict, isConnectionBroken, isRefusedData, translated } from './failures.js';

function answered(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(`error ${code}`, 0, 'error'), { code });
}

describe('an error of PostgreSQL', () => {
  test.each([
    ['the connection failed', '08006'],
    ['an administrator ended the session', '57P01'],
    ['the server crashed', '57P02'],
    ['the server starts', '57P03'],
    ['the session was idle for too long', '57P05'],
    ['no slots are left', '53300'],
    ['this process stood still inside a transaction for 30 s, so the server hung up', '25P03'],
    ['the transaction took too long, so the server hung up', '25P04'],
  ])('%s (%s): the database is unavailable, the connection is done with, the message is not at fault', (_, code) => {
    expect(translated(answered(code))).toBeInstanceOf(DatabaseUnavailable);
    expect(isConnectionBroken(answered(code))).toBe(true);
  });

  test.each(['23505', '22P02', '42P01', '57014', '25P02'])('%s is an orderly answer and stays as it is', (code) => {
    const error = answered(code);
    expect(translated(error)).toBe(error);
    expect(isConnectionBroken(error)).toBe(false);
  });

  test.each([
    ['40001', true],
    ['40P01', true],
    ['23505', false],
  ])('%s is a conflict of two transactions: %s', (code, expected) => expect(isConflict(answered(code))).toBe(expected));

  test.each([
    ['22P05', true],
    ['22003', true],
    ['23502', true],
    ['54000', true],
    ['40001', false],
    ['08006', false],
  ])('%s is a refusal of what is in the rows: %s', (code, expected) =>
    expect(isRefusedData(answered(code))).toBe(expected),
  );
});

describe('an error without an answer of the server', () => {
  test.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Query read timeout'])(
    '"%s": the database is unavailable',
    (message) => expect(translated(new Error(message))).toBeInstanceOf(DatabaseUnavailable),
  );
  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOENT'])('%s: the database is unavailable', (code) =>
    expect(translated(Object.assign(new Error('x'), { code }))).toBeInstanceOf(DatabaseUnavailable),
  );
  test('of our own code stays as it is', () => {
    const error = new TypeError('x is not a function');
    expect(translated(error)).toBe(error);
  });
});
