import { randomUUID } from 'node:crypto';
import { FeedHint, routes } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { deployBody } from './bodies.js';
import { administrator } from './people.js';
import { status } from './platform.js';
import { sampleImage, sampleProject } from './sample.js';

/** The browser's stream over two gateways. */
describe('the feed', () => {
  const code = `feed-${randomUUID().slice(0, 6)}`;
  let admin: ApiUser;
  let second: ApiUser;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    const gateways = (await status()).services.filter((row) => row.name.startsWith('gateway') && row.url);
    expect(gateways.length).toBeGreaterThanOrEqual(2);
    second = await administrator(gateways.map((row) => String(row.url)).find((url) => url !== admin.url));
    service = { project: await sampleProject(admin), environment: 'test', service: code };
  });
  afterAll(async () => {
    await admin.operate(routes.deleteService, { params: service });
  });

  /** Hints about one key until `enough`, then the stream is closed. */
  async function hints(
    user: ApiUser,
    key: string,
    enough: (seen: FeedHint[]) => boolean,
    lastEventId?: string,
  ): Promise<FeedHint[]> {
    const abort = new AbortController();
    const seen: FeedHint[] = [];
    try {
      for await (const event of user.feed(lastEventId, abort.signal)) {
        const hint = FeedHint.safeParse(event.data);
        if (hint.success && hint.data.key === key) seen.push(hint.data);
        if (enough(seen)) break;
      }
    } finally {
      abort.abort();
    }
    return seen;
  }

  test('tells of a deploy through one gateway and, resumed at the other, of everything after it without a gap', async () => {
    const key = `${service.project}/test/${code}`;
    const first = hints(admin, key, (seen) => seen.length >= 1);
    const everything = hints(second, key, (seen) => seen.length >= 4);
    await admin.operate(routes.deployService, { params: service, body: deployBody(code, sampleImage('1.0')) });
    const [hint] = await first;
    await admin.operate(routes.scaleService, { params: service, body: { replicas: 2 } });
    const all = await everything;
    const resumed = await hints(second, key, (seen) => seen.length >= all.length - 1, String(hint!.seq));
    expect(resumed.map((row) => row.seq)).toEqual(all.map((row) => row.seq).filter((seq) => seq > hint!.seq));
    expect(all.map((row) => row.version)).toEqual([...all.map((row) => row.version)].sort((a, b) => a - b));
  });
});
