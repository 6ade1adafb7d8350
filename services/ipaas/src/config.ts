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

/** What ipaas reads beside the fields of every service. */
export const ipaasConfig = platformConfig.extend({
  BERTH_REGISTRY_MIRRORS: mirrors.describe(
    'host=url, comma separated: where the registry of an image name is really reached',
  ),
  BERTH_IMAGE_ARCHITECTURE: z
    .enum(['amd64', 'arm64'])
    .default('amd64')
    .describe('Architecture of the nodes, as OCI names it'),
});
export type IpaasConfig = z.output<typeof ipaasConfig>;

/** @throws ConfigInvalid with every problem at once. */
export function readIpaasConfig(): IpaasConfig {
  return readConfig(ipaasConfig);
}
