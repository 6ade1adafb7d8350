import type { LocalHandlers } from '../edge/visit.js';
import type { SessionService } from './session.service.js';
import { sessionCookieHeader } from './session.js';

/** The routes of login, sessions and password. `secure`: the portal is behind TLS. */
export function sessionRoutes(
  service: SessionService,
  secure: boolean,
): LocalHandlers<'login' | 'getSession' | 'logout' | 'changePassword' | 'listSessions' | 'endSession'> {
  return {
    login: async ({ body }, visit) => {
      const { me, token } = await service.login(body.username, body.password, visit);
      return { body: me, headers: { 'set-cookie': sessionCookieHeader(token, secure) } };
    },
    getSession: async (_, visit) => ({ body: await service.me(visit.sessionToken ?? '') }),
    logout: async (_, visit) => {
      await service.logout(visit);
      return { body: null, status: 204, headers: { 'set-cookie': sessionCookieHeader('', secure) } };
    },
    changePassword: async ({ body }, visit) => ({
      body: await service.changePassword(body.oldPassword, body.newPassword, visit),
    }),
    listSessions: async (_, visit) => ({ body: { items: await service.list(visit) } }),
    endSession: async ({ params }, visit) => {
      await service.end(params.id, visit);
      return { body: null, status: 204 };
    },
  };
}
