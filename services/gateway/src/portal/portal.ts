import { missing } from '@berth/api';
import fastifyCompress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import { refuse } from '@berth/platform/errors';
import type { Logger } from '@berth/platform/log';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { constants } from 'node:zlib';
import { portalPolicy, securityHeaders, stayWithTls } from '../edge/headers.js';
import { answerProblem } from '../edge/problems.js';
import { notBuiltPage } from './not-built-page.js';

export interface PortalOptions {
  /** The built portal; undefined when none is configured. */
  readonly directory: string | undefined;
  readonly secure: boolean;
  readonly log: Logger;
}

/** Files are packed as they are asked for, so a quick level. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const oneYear = 'public, max-age=31536000, immutable';

/** Serves the portal: its files, and its page for every other address, because the portal routes for itself. */
export function registerPortal(server: FastifyInstance, { directory, secure, log }: PortalOptions): void {
  void server.register(async (portal) => {
    portal.addHook('onRequest', (_request, reply, done) => {
      void reply.headers({ ...securityHeaders, 'content-security-policy': portalPolicy, 'cache-control': 'no-cache' });
      if (secure) void reply.header('strict-transport-security', stayWithTls);
      done();
    });
    portal.setErrorHandler((error, _request, reply) => answerProblem(reply, error, log));
    const root = directory && existsSync(join(directory, 'index.html')) ? directory : undefined;
    await portal.register(fastifyCompress, { threshold: 1_024, encodings: ['br', 'gzip'], brotliOptions });
    if (root) await portal.register(fastifyStatic, { root, serve: false, preCompressed: true, cacheControl: false });
    else log.warn('The portal is not built; its address shows how to build it', { directory });
    portal.get('/*', async (request, reply) => {
      const path = (request.params as { '*': string })['*'];
      if (/^(api|internal)(\/|$)/.test(path) || path.split('/').includes('..'))
        throw refuse('not_found', missing('address'));
      if (!root) return reply.status(503).type('text/html; charset=utf-8').send(notBuiltPage);
      const isFile = extname(path) !== '' && existsSync(join(root, path));
      if (isFile) {
        if (path.startsWith('assets/')) void reply.header('cache-control', oneYear);
        return reply.sendFile(path);
      }
      // A file that is gone must not be answered by a page: a browser would take it for a script.
      if (path.startsWith('assets/')) throw refuse('not_found', missing('file'));
      return reply.type('text/html; charset=utf-8').send(await readFile(join(root, 'index.html')));
    });
  });
}
