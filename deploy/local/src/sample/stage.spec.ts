import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import type { ApiUser } from './api-user.js';
import { Stage } from './stage.js';

const restart = { params: { project: 'shop', environment: 'test', service: 'cart' }, body: {} } as const;
const accepted = { status: 202, problem: null, data: { operationId: 'o-1' } };
const refused = (status: number, code: string) => ({ status, problem: { status, code }, data: null });

/** A user whose calls are answered one after the other; an Error is a connection that broke. */
function answering(...answers: (object | Error)[]) {
  const keys: string[] = [];
  const user = {
    call: (_: unknown, { idempotencyKey }: { idempotencyKey: string }) => {
      keys.push(idempotencyKey);
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    ended: () => Promise.resolve({ state: 'refused', problem: { code: 'no_capacity' } }),
  };
  return { user: user as unknown as ApiUser, keys };
}

function aStage(round = 0, patienceMs = 60_000, journal?: unknown) {
  const places = { journal: join(mkdtempSync(join(tmpdir(), 'stage-')), 'sample.json'), cmdbToken: '', passwords: '' };
  if (journal) writeFileSync(places.journal, JSON.stringify(journal));
  const stage = new Stage(answering().user, places, () => Promise.reject(new Error('nobody')), round, patienceMs);
  return { stage, kept: () => JSON.parse(readFileSync(places.journal, 'utf8')) as unknown };
}

describe('a step of the history', () => {
  test('is asked again after a 503 and a broken connection, under the same key, and is then done once', async () => {
    const { user, keys } = answering(refused(503, 'service_unavailable'), new TypeError('fetch failed'), accepted);
    expect(await aStage().stage.accepted(user, 'restart', routes.restartService, restart)).toEqual({
      operationId: 'o-1',
    });
    expect(keys).toEqual(['sample-restart', 'sample-restart', 'sample-restart']);
  });

  test('is not done when the platform stays away: it throws, and is played again', async () => {
    const { stage } = aStage(0, 0);
    const { user } = answering(refused(503, 'service_unavailable'));
    const step = {
      id: 'restart',
      title: '',
      run: () => stage.command(user, 'restart', routes.restartService, restart),
    };
    await expect(stage.play([step], () => undefined)).rejects.toThrow('service_unavailable');
    const { user: again } = answering(accepted);
    let played = 0;
    await stage.play(
      [
        {
          ...step,
          run: async () =>
            void (played += Number((await stage.command(again, 'restart', routes.restartService, restart)) !== null)),
        },
      ],
      () => undefined,
    );
    expect(played).toBe(1);
  });

  test('that somebody overtook is left out; one that is refused for another reason is an error', async () => {
    const { stage } = aStage();
    const command = (code: string) =>
      stage.command(answering(refused(409, code)).user, 'x', routes.restartService, restart);
    expect(await command('not_found')).toEqual({ refused: 'not_found' });
    await expect(command('forbidden')).rejects.toThrow('x: forbidden');
  });

  test('that must be refused is checked by its problem, at once or after it was accepted', async () => {
    const { stage } = aStage();
    const refusal = (answer: object, code: string) =>
      stage.refused(answering(answer).user, 'big', routes.restartService, restart, code);
    await refusal(refused(422, 'image_not_found'), 'image_not_found');
    await refusal(accepted, 'no_capacity');
    await expect(refusal(accepted, 'forbidden')).rejects.toThrow('forbidden was expected, and it was no_capacity');
  });
});

describe('the journal', () => {
  test('of before there were rounds counts for the first: 2 steps are not played again, and it is kept with its round', async () => {
    const { stage, kept } = aStage(0, 0, ['a', 'b']);
    const played: string[] = [];
    const step = (id: string) => ({ id, title: id, run: () => Promise.resolve(played.push(id)) });
    await stage.play([step('a'), step('b'), step('c')], () => undefined);
    expect(played).toEqual(['c']);
    expect(kept()).toEqual({ round: 0, steps: ['a', 'b', 'c'] });
  });

  test('of the round before a removal does not count: everything is played again, under keys of its own', async () => {
    const { stage, kept } = aStage(1, 0, { round: 0, steps: ['a'] });
    const { user, keys } = answering(accepted);
    await stage.play(
      [{ id: 'a', title: '', run: () => stage.accepted(user, 'a', routes.restartService, restart) }],
      () => undefined,
    );
    expect(keys).toEqual(['sample-1-a']);
    expect(kept()).toEqual({ round: 1, steps: ['a'] });
  });
});
