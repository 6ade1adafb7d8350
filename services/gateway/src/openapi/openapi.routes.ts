import { routeTable } from '@berth/api';
import type { LocalHandlers } from '../edge/visit.js';
import { openApiOf } from './openapi.js';

/** The route of the API's own description. */
export function openApiRoutes(): LocalHandlers<'openapi'> {
  let document: ReturnType<typeof openApiOf> | undefined;
  return {
    openapi: async () => ({
      body: (document ??= openApiOf(routeTable, '1')),
      headers: { 'cache-control': 'public, max-age=300' },
    }),
  };
}
