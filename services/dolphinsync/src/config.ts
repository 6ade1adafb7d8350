import { platformConfig, readConfig } from '@berth/platform/config';
import { z } from 'zod';

/** Configuration of dolphinsync: the platform's, and what makes a retirement large. */
export const dolphinsyncConfig = platformConfig.extend({
  BERTH_LARGE_RETIREMENT_PERCENT: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(20)
    .describe('A push that would retire more than this share of its source waits for an approval'),
  BERTH_LARGE_RETIREMENT_PERCENT_FROM: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Rows from which on the share counts'),
  BERTH_LARGE_RETIREMENT_ROWS: z.coerce
    .number()
    .int()
    .min(0)
    .default(200)
    .describe('A push that would retire more than this many rows waits for an approval, whatever their share'),
});
export type DolphinsyncConfig = z.output<typeof dolphinsyncConfig>;

export const loadConfig = (env?: NodeJS.ProcessEnv): DolphinsyncConfig => readConfig(dolphinsyncConfig, env);
