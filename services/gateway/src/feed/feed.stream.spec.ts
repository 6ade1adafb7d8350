import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { FeedStream } from './feed.stream.js';

describe('the stream of a reader', () => {
  test('that was finished drops what comes after, and says it once', async () => {
    const stream = new FeedStream();
    const errors: unknown[] = [];
    stream.on('error', (error) => errors.push(error));
    stream.stand('ready', 7);
    stream.finish();
    stream.finish();
    stream.ping();
    stream.stand('reset', 8);
    const told = await text(stream);
    expect(told).toContain('ready');
    expect(told).not.toContain('reset');
    expect(errors).toEqual([]);
  });
});
