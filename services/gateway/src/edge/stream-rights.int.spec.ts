import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { eventually } from '@berth/testing';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';

let rig: GatewayRig;
let admin: Visitor;
/** Open connections at the owner by user. */
const open = new Map<string, ServerResponse>();
const logs = '/api/v1/projects/shop/environments/prod/services/cart/logs?cluster=a&container=b&follow=true';

beforeAll(async () => {
  rig = await GatewayRig.start();
  admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
  rig.owners.ipaas.answering = ({ identity }, response) => {
    open.set(identity.userId, response);
    response.once('close', () => open.delete(identity.userId));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"at":null,"text":"first"}\n');
  };
}, 60_000);
beforeEach(() => open.clear());
afterAll(() => rig.close());

/** Follows a log on a real socket. */
class Follower {
  readonly lines: string[] = [];
  endedAtMs: number | undefined;

  static async open(headers: Readonly<Record<string, string>>): Promise<Follower> {
    const follower = new Follower();
    const response = await fetch(`${rig.url}${logs}`, { headers });
    void follower.read(response);
    await eventually(() => expect(follower.lines).toEqual(['first']));
    return follower;
  }

  private async read(response: Response): Promise<void> {
    try {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
        for (const line of chunk.split('\n').filter(Boolean))
          this.lines.push((JSON.parse(line) as { text: string }).text);
    } catch {
      // Cut off.
    }
    this.endedAtMs = performance.now();
  }
}

const ask = (method: 'POST' | 'PUT' | 'DELETE', path: string, payload: object | undefined, by: Visitor = admin) =>
  rig.app.inject({ method, url: `/api/v1${path}`, headers: by.headers, ...(payload && { payload }) });
const developer = () => rig.visitor([{ role: 'developer', scope: 'project:shop' }]);

describe('a log that is followed', () => {
  const losses: [string, (visitor: Visitor) => Promise<unknown>][] = [
    ['logs out', (visitor) => ask('DELETE', '/session', undefined, visitor)],
    ['is deactivated', ({ userId }) => ask('POST', `/users/${userId}/deactivate`, {})],
    ['loses the role', ({ userId }) => ask('PUT', `/users/${userId}/bindings`, { bindings: [], cause: 'moved' })],
    [
      'keeps a role elsewhere only',
      ({ userId }) =>
        ask('PUT', `/users/${userId}/bindings`, { bindings: [{ role: 'developer', scope: 'environment:shop/dev' }] }),
    ],
    [
      'gets a temporary password',
      ({ userId }) => ask('PUT', `/users/${userId}/password`, { password: 'temporary-7-x' }),
    ],
  ];

  test.each(losses)(
    'ends within 2 s, at the owner too, when its reader %s; another reader goes on',
    async (_, lose) => {
      const [reader, other] = [await developer(), await developer()];
      const [lost, kept] = [await Follower.open(reader.headers), await Follower.open(other.headers)];
      const fromMs = performance.now();
      await lose(reader);
      await eventually(() => expect(lost.endedAtMs).toBeDefined(), 5_000);
      expect((lost.endedAtMs ?? 0) - fromMs).toBeLessThan(2_000);
      await eventually(() => expect([...open.keys()]).toEqual([other.userId]));
      open.get(other.userId)?.write('{"at":null,"text":"second"}\n');
      await eventually(() => expect(kept.lines).toEqual(['first', 'second']));
      open.get(other.userId)?.end();
      await eventually(() => expect(kept.endedAtMs).toBeDefined());
    },
  );

  test('by a token ends within 2 s when the token is revoked', async () => {
    const reader = await developer();
    const made = await ask('POST', '/session/tokens', { name: 'tail', expiresInDays: 1 }, reader);
    const { id, token } = made.json() as { id: string; token: string };
    const follower = await Follower.open({ authorization: `Bearer ${token}` });
    const fromMs = performance.now();
    expect((await ask('DELETE', `/session/tokens/${id}`, undefined, reader)).statusCode).toBe(204);
    await eventually(() => expect(follower.endedAtMs).toBeDefined(), 5_000);
    expect((follower.endedAtMs ?? 0) - fromMs).toBeLessThan(2_000);
  });

  test('does not keep its session alive: it ends when the session does', async () => {
    const reader = await developer();
    const follower = await Follower.open(reader.headers);
    await rig.database.query(`update session set seen_at = now() - interval '9 hours' where user_id = $1`, [
      reader.userId,
    ]);
    await eventually(() => expect(follower.endedAtMs).toBeDefined(), 5_000);
  });
});
