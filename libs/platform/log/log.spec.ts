import { describe, expect, test } from '@jest/globals';
import { createLogger, newTraceparent, traceIdOf, withContext } from './index.js';

function logged(say: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  let line = '';
  const destination = { write: (text: string) => void (line = text) };
  say(createLogger({ service: 'ipaas', instance: 'ipaas-1', level: 'info' }, destination));
  return JSON.parse(line) as Record<string, unknown>;
}

describe('a log line', () => {
  test('has service, instance, level as a word, and the ids of the work at hand', () => {
    const traceparent = newTraceparent();
    const line = withContext({ correlationId: 'c-1', operationId: 'o-1', traceparent }, () =>
      logged((log) => log.info('Done', { rows: 3 })),
    );
    expect(line).toMatchObject({
      service: 'ipaas',
      instance: 'ipaas-1',
      level: 'info',
      msg: 'Done',
      rows: 3,
      correlationId: 'c-1',
      operationId: 'o-1',
      traceId: traceIdOf(traceparent),
    });
  });

  test.each([
    [{ password: 'hunter2' }],
    [{ body: { token: 'hunter2' } }],
    [{ request: { headers: { authorization: 'hunter2', cookie: 'hunter2', 'berth-identity': 'hunter2' } } }],
    [{ a: { b: { c: { secret: 'hunter2' } } } }],
  ])('does not show a secret: %j', (fields) => {
    expect(JSON.stringify(logged((log) => log.child({ x: 1 }).warn('Careful', fields)))).not.toContain('hunter2');
  });
});
