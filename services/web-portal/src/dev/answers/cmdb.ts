import { page, refuse, type Answers } from '../call.js';
import * as data from '../data/cmdb.js';
import { operate } from './operate.js';

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
  listCmdbVanished: ({ query }) =>
    page(data.vanished.filter(({ state }) => !query.get('state') || state === query.get('state'))),
  decideCmdbVanished: () => ({ decided: 1 }),
  decideCmdbApproval: () => data.pushes[1],
  listCmdbSources: () => page(data.sources),
  removeCmdbSource: (call) => operate('cmdb.remove', call.params.source ?? '', call.body.cause, () => undefined),
  restoreCmdbSource: (call) => operate('cmdb.restore', call.params.source ?? '', call.body.cause, () => undefined),
  listCmdbLines: () => page(data.lines),
  setCmdbPayer: () => data.lines[0],
  listCmdbMappings: () => page(data.mappings),
  setCmdbLink: () => data.mappings[4],
};
