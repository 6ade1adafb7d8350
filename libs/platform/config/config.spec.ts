import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { describeConfig, platformConfig, readConfig } from './index.js';

const pem = '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----';
const good = {
  BERTH_HTTP_PORT: '4101',
  BERTH_POSTGRES_URL: 'postgres://ipaas:hunter2@127.0.0.1:5432/ipaas',
  BERTH_KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.1:9093',
  BERTH_IDENTITY_PUBLIC_KEY: pem,
};

describe('the configuration', () => {
  test('has numbers, lists and defaults, and the fields of the service', () => {
    const config = readConfig(platformConfig.extend({ BERTH_MOON: z.enum(['full', 'new']) }), {
      ...good,
      BERTH_MOON: 'full',
    });
    expect(config).toMatchObject({
      BERTH_HTTP_PORT: 4101,
      BERTH_HTTP_HOST: '127.0.0.1',
      BERTH_KAFKA_BROKERS: ['127.0.0.1:9092', '127.0.0.1:9093'],
      BERTH_MOON: 'full',
    });
  });

  test('takes a value from the file that <NAME>_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'key.pem');
    writeFileSync(file, `${pem}\n`);
    const { BERTH_IDENTITY_PUBLIC_KEY: _, ...rest } = good;
    expect(
      readConfig(platformConfig, { ...rest, BERTH_IDENTITY_PUBLIC_KEY_FILE: file }).BERTH_IDENTITY_PUBLIC_KEY,
    ).toBe(pem);
  });

  test('that is wrong is refused with all problems at once, their fields explained, and no value', () => {
    const read = () => readConfig(platformConfig, { BERTH_HTTP_PORT: '99999', BERTH_POSTGRES_URL: 'mysql://hunter2' });
    expect(read).toThrow(
      /BERTH_HTTP_PORT: [\s\S]*BERTH_POSTGRES_URL: [\s\S]*BERTH_KAFKA_BROKERS: [\s\S]*comma separated/,
    );
    expect(read).not.toThrow(/hunter2/);
  });

  test('refuses a value and a file for the same field, and a file that cannot be read', () => {
    expect(() => readConfig(platformConfig, { ...good, BERTH_IDENTITY_PUBLIC_KEY_FILE: '/x' })).toThrow('not both');
    expect(() => readConfig(platformConfig, { ...good, BERTH_SEAL_KEY_FILE: '/nowhere/key' })).toThrow('ENOENT');
  });

  test('is printed with secrets masked, also inside addresses', () => {
    const config = readConfig(platformConfig, { ...good, BERTH_KAFKA_PASSWORD: 'hunter2', BERTH_SEAL_KEY: 'hunter2' });
    const printed = describeConfig(config);
    expect(JSON.stringify(printed)).not.toContain('hunter2');
    expect(printed).toMatchObject({
      BERTH_POSTGRES_URL: 'postgres://ipaas:***@127.0.0.1:5432/ipaas',
      BERTH_KAFKA_PASSWORD: '***',
      BERTH_HTTP_PORT: 4101,
    });
  });
});
