import type { CmdbMapping } from '@berth/api';
import { page, refuse, type Answers } from '../call.js';
import * as data from '../data/cmdb.js';
import { operate } from './operate.js';

function vanished(query: URLSearchParams) {
  const search = query.get('search') ?? '';
  const state = query.get('state');
  const all = [...data.vanished, ...data.manyVanished];
  const ended = [...all.filter((row) => row.closedAt !== null), ...data.decisions];
  const rows = (state === 'decided' ? ended : all.filter((row) => row.closedAt === null && row.state === state)).filter(
    (row) => `${row.key ?? ''} ${row.name} ${row.cmdbId}`.includes(search),
  );
  const from = Number(query.get('continue') ?? 0);
  const to = from + Number(query.get('limit') ?? 50);
  return { items: rows.slice(from, to), continue: to < rows.length ? String(to) : null };
}

/** The CMDB: pushes, what waits for a decision, the mapping. */
export const cmdb: Answers = {
  listCmdbPushes: () => page(data.pushes),
  getCmdbPush: (call) => data.pushes.find(({ id }) => id === call.params.push) ?? refuse('not_found', { what: '推送' }),
  listCmdbPushRows: ({ query }) =>
    page(
      data.pushRows.filter(
        (row) =>
          (!query.get('kind') || row.kind === query.get('kind')) &&
          (!query.get('change') || row.change === query.get('change')),
      ),
    ),
  tryCmdbPush: ({ query }) => ({
    ...data.pushes[0],
    dryRun: query.get('dryRun') !== 'false',
    result: query.get('dryRun') === 'false' ? 'applied' : 'dry_run',
    rejected: data.pushRows.flatMap((row) => row.rejected ?? []),
  }),
  listCmdbVanished: ({ query }) => vanished(query),
  decideCmdbVanished: ({ body }) => {
    const ids = body.ids as string[];
    for (const row of [...data.vanished, ...data.manyVanished]) {
      if (!ids.includes(row.id)) continue;
      const at = new Date().toISOString();
      const said = { decidedBy: '陈敏', decidedAt: at, cause: String(body.cause) };
      if (body.decision === 'keep') Object.assign(row, said, { state: 'kept', keptUntil: body.until });
      else Object.assign(row, said, { state: 'retired', closedAt: at });
    }
    return { decided: ids.length };
  },
  decideCmdbApproval: () => data.pushes[1],
  listCmdbSources: () => page(data.sources),
  listCmdbSourceServices: () => page(data.sourceServices),
  removeCmdbSource: (call) => operate('cmdb.remove', call.params.source ?? '', call.body.cause, () => undefined),
  restoreCmdbSource: (call) => operate('cmdb.restore', call.params.source ?? '', call.body.cause, () => undefined),
  listCmdbLines: () => page(data.lines),
  setCmdbPayer: () => data.lines[0],
  listCmdbMappings: ({ query }) => {
    const show = query.get('show') ?? 'all';
    const isShown = {
      all: () => true,
      linked: (row: CmdbMapping) => row.link !== 'none',
      unlinked: (row: CmdbMapping) => row.link === 'none',
      undeployed: (row: CmdbMapping) => row.environments.length === 0,
    }[show];
    return page(data.mappings.filter((row) => isShown?.(row) ?? true));
  },
  setCmdbLink: () => data.mappings[4],
};
