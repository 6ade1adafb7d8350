import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';

const list = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1)).min(1));

/** What every service reads. A service adds its own fields: `platformConfig.extend({ … })`. Any field can be given as `<NAME>_FILE`. */
export const platformConfig = z.object({
  BERTH_HTTP_HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  BERTH_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).describe('Port to listen on; 0 takes a free one'),
  BERTH_INSTANCE: z
    .string()
    .min(1)
    .max(100)
    .default(() => `${hostname()}-${randomUUID().slice(0, 8)}`)
    .describe('Name of this copy, unique among running copies and the same after a restart, e.g. ipaas-1'),
  BERTH_INSTALLATION_ID: z
    .string()
    .min(1)
    .max(63)
    .default('berth')
    .describe('Mark of this installation on what it makes'),
  BERTH_POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .describe('The own database'),
  BERTH_POSTGRES_POOL: z.coerce.number().int().min(2).max(200).default(10).describe('Connections to it'),
  BERTH_REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional()
    .describe('Cache and rate limits; may be left out or lost'),
  BERTH_KAFKA_BROKERS: list.describe('host:port, comma separated'),
  BERTH_KAFKA_USERNAME: z.string().optional().describe('SASL user of this service'),
  BERTH_KAFKA_PASSWORD: z.string().optional().describe('Its password'),
  BERTH_KAFKA_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512'),
  BERTH_KAFKA_PREFIX: z.string().max(40).default('').describe('In front of topics and groups, on shared brokers'),
  BERTH_KAFKA_TLS: z.stringbool().default(false).describe('Speak TLS to the brokers'),
  BERTH_IDENTITY_PUBLIC_KEY: z.string().startsWith('-----BEGIN').describe('Ed25519 SPKI PEM of the gateway'),
  BERTH_IDENTITY_PRIVATE_KEY: z
    .string()
    .startsWith('-----BEGIN')
    .optional()
    .describe('Ed25519 PKCS8 PEM; gateway only'),
  BERTH_SEAL_KEY: z
    .string()
    .min(1)
    .optional()
    .describe('Key-encryption keys, 32 bytes in base64 each; the first one seals'),
  BERTH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type PlatformConfig = z.output<typeof platformConfig>;
