import { platformConfig } from '@berth/platform/config';
import { z } from 'zod';

const urls = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim().replace(/\/$/, ''))
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.url({ protocol: /^https?$/ })));

/** What the gateway reads beside the fields that every service has. */
export const gatewayConfig = platformConfig.extend({
  BERTH_IPAAS_URLS: urls.describe('Addresses of the copies of ipaas, comma separated'),
  BERTH_CLUSTER_MGR_URLS: urls.describe('Addresses of the copies of cluster-mgr'),
  BERTH_DOLPHINSYNC_URLS: urls.describe('Addresses of the copies of dolphinsync'),
  BERTH_CODEFLOW_URLS: urls.describe('Addresses of the copies of codeflow'),
  BERTH_NGINX_MGR_URLS: urls.describe('Addresses of the copies of nginx-mgr'),
  BERTH_ADMIN_PASSWORD_FILE: z
    .string()
    .optional()
    .describe('First password of the user admin; read while there is no such user, removed when it was changed'),
  BERTH_SETUP_PASSWORD_FILE: z
    .string()
    .optional()
    .describe('Password of the user setup, with which an installer uses the API; without it there is no such user'),
  BERTH_PORTAL_DIR: z.string().optional().describe('The built portal; without it a page says how to build it'),
  BERTH_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('What people type. With https the cookie is Secure and browsers are told to stay with https'),
  BERTH_TRUST_PROXY: z
    .stringbool()
    .default(false)
    .describe('Take the caller’s address from the last entry of X-Forwarded-For, as the own proxy in front writes it'),
});
export type GatewayConfig = z.output<typeof gatewayConfig>;
