import { parseHostMirrors } from '@berth/clients/registry';
import { platformConfig, readConfig } from '@berth/platform/config';
import { messageOf } from '@berth/platform/errors';
import { z } from 'zod';

const mirrors = z
  .string()
  .default('')
  .transform((text, context) => {
    try {
      return parseHostMirrors(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });

const repositories = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ''));

/** What ipaas reads beside the fields of every service. */
export const ipaasConfig = platformConfig.extend({
  BERTH_REGISTRY_MIRRORS: mirrors.describe(
    'host=url, comma separated: where the registry of an image name is really reached',
  ),
  BERTH_OFFERED_IMAGES: repositories.describe(
    'registry/repository, comma separated: images that the deploy form offers to everybody, with their versions',
  ),
  BERTH_IMAGE_ARCHITECTURE: z
    .enum(['amd64', 'arm64'])
    .default('amd64')
    .describe('Architecture of the nodes, as OCI names it'),
  BERTH_PROMETHEUS_URL: z
    .url()
    .optional()
    .describe('Where measured values are read; without it pages say that there are none'),
  BERTH_PROMETHEUS_TOKEN: z.string().min(1).optional().describe('Bearer token for it'),
  BERTH_PROMETHEUS_SCRAPE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(300)
    .default(15)
    .describe('How often it scrapes the kubelets; rates look back over four of them'),
});
export type IpaasConfig = z.output<typeof ipaasConfig>;

/** @throws ConfigInvalid with every problem at once. */
export function readIpaasConfig(env?: NodeJS.ProcessEnv): IpaasConfig {
  return readConfig(ipaasConfig, env);
}
