import { routes, type CmdbMapping } from '@berth/api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { More } from './More.js';
import { cmdb, mappingsQuery } from './queries.js';

/** The other side of a row is looked for: an entry for a service that runs, a service that runs for an entry. */
export function LinkDialog({ row, onClose }: { row: CmdbMapping; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<CmdbMapping | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isEntry = row.cmdb !== null;
  const query = useInfiniteQuery(mappingsQuery(isEntry ? 'unlinked' : 'undeployed', search));
  const link = async () => {
    const service = isEntry ? chosen : row;
    const entry = isEntry ? row.cmdb : chosen?.cmdb;
    if (!service || !entry) return;
    setBusy(true);
    setError(null);
    try {
      const to = { source: entry.source, cmdbId: entry.cmdbId };
      await call(routes.setCmdbLink, { body: { project: service.project, code: service.code, to } });
      await client.invalidateQueries({ queryKey: [cmdb] });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('cmdb.linkTitle', { name: row.name, key: `${row.project}/${row.code}` })}
      okText={chosen ? t('cmdb.linkOk', { key: `${chosen.project}/${chosen.code}` }) : t('cmdb.link')}
      blocked={!chosen}
      busy={busy}
      width={640}
      testId="dialog-link"
      onOk={() => void link()}
      onClose={onClose}
    >
      <p>{t(isEntry ? 'cmdb.linkEntryText' : 'cmdb.linkServiceText')}</p>
      {error !== null && <ErrorNote error={error} />}
      <Input.Search
        allowClear
        autoFocus
        aria-label={t('cmdb.search')}
        placeholder={t('cmdb.search')}
        onSearch={setSearch}
        data-testid="link-search"
      />
      <div className="goes" tabIndex={0} role="group" aria-label={t('cmdb.mapping')}>
        <Loaded query={query} rows={4}>
          {({ pages }) => {
            const rows = pages.flatMap(({ items }) => items);
            if (rows.length === 0) return <Empty title={t('cmdb.noMapping')} />;
            return (
              <table className="plain">
                <tbody>
                  {rows.map((other) => (
                    <Choice
                      key={`${other.project}/${other.code}`}
                      row={other}
                      isChosen={chosen?.project === other.project && chosen.code === other.code}
                      onChoose={() => setChosen(other)}
                    />
                  ))}
                </tbody>
              </table>
            );
          }}
        </Loaded>
        <More query={query} />
      </div>
    </Dialog>
  );
}

function Choice({ row, isChosen, onChoose }: { row: CmdbMapping; isChosen: boolean; onChoose: () => void }) {
  return (
    <tr>
      <td>
        <label className="row nowrap">
          <input type="radio" name="link-to" checked={isChosen} onChange={onChoose} />
          <b>{row.name}</b> <span className="mono faint">{`${row.project}/${row.code}`}</span>
        </label>
      </td>
      <td className="mono faint">{row.cmdb?.cmdbId}</td>
      <td>
        <span className="row nowrap">
          {row.environments.map(({ environment }) => (
            <EnvironmentTag key={environment} environment={environment} />
          ))}
        </span>
      </td>
    </tr>
  );
}
