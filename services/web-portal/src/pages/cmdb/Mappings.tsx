import { routes, type CmdbLine, type CmdbMapping } from '@berth/api';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { csvOf } from './csv.js';
import { LinkDialog } from './LinkDialog.js';
import { More } from './More.js';
import { cmdb, linesQuery, mappingsQuery } from './queries.js';

const shows = ['all', 'linked', 'unlinked', 'undeployed'] as const;

/** Who pays for a business line, which entry of the CMDB a service is, and in which clusters it runs. */
export function Mappings() {
  const t = useT();
  const may = useMay();
  const client = useQueryClient();
  const [show, setShow] = useState<(typeof shows)[number]>('all');
  const [search, setSearch] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState<CmdbMapping | null>(null);
  const nameOf = useClusterNames();
  const lines = useQuery(linesQuery);
  const query = useInfiniteQuery(mappingsQuery(show, search));
  const change = async (act: () => Promise<unknown>) => {
    setError(null);
    try {
      await act();
      await client.invalidateQueries({ queryKey: [cmdb] });
    } catch (thrown) {
      setError(thrown);
    }
  };
  const download = async () => {
    let all = query;
    while (all.hasNextPage) all = await all.fetchNextPage();
    const rows = all.data?.pages.flatMap(({ items }) => items) ?? [];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(rows)], { type: 'text/csv' }));
    link.download = 'cmdb-mapping.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const linkTo = (row: CmdbMapping, to: { source: string; cmdbId: string } | null) =>
    change(() => call(routes.setCmdbLink, { body: { project: row.project, code: row.code, to } }));
  return (
    <div className="stack">
      {error !== null && <ErrorNote error={error} />}
      <section className="panel" data-testid="payers">
        <header>
          <h2>{t('cmdb.payers')}</h2>
        </header>
        <Loaded query={lines} rows={3}>
          {({ items }) => (
            <table className="plain flush">
              <tbody>
                {items.map((line) => (
                  <Payer
                    key={`${line.source}/${line.cmdbId}`}
                    line={line}
                    mayChange={may('cmdb.manage')}
                    save={(costCentre) =>
                      change(() =>
                        call(routes.setCmdbPayer, { body: { source: line.source, cmdbId: line.cmdbId, costCentre } }),
                      )
                    }
                  />
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </section>
      <section className="panel" data-testid="mappings">
        <header>
          <h2>{t('cmdb.mapping')}</h2>
          <span className="row">
            <Input.Search
              style={{ width: 260 }}
              allowClear
              aria-label={t('cmdb.search')}
              placeholder={t('cmdb.search')}
              onSearch={setSearch}
            />
            <Select
              aria-label={t('cmdb.show')}
              value={show}
              style={{ width: 130 }}
              onChange={setShow}
              options={shows.map((value) => ({ value, label: t(`cmdbShow.${value}`) }))}
            />
            <Button onClick={() => void download()}>{t('cmdb.export')}</Button>
          </span>
        </header>
        <Loaded query={query} rows={6}>
          {(data) => {
            const rows = data.pages.flatMap(({ items }) => items);
            if (rows.length === 0) return <Empty title={t('cmdb.noMapping')} />;
            return (
              <table className="plain flush">
                <tbody>
                  {rows.map((row) => (
                    <tr key={`${row.project}/${row.code}`}>
                      <td>
                        <b>{row.name}</b> <span className="mono faint">{`${row.project}/${row.code}`}</span>
                      </td>
                      <td>
                        {row.businessLine?.name} <span className="faint">{row.costCentre}</span>
                      </td>
                      <td>
                        <span className={row.link === 'none' ? 'tag tag-warn' : 'tag tag-ok'}>
                          {t(`cmdbLink.${row.link}`)}
                        </span>{' '}
                        <span className="mono">{row.cmdb?.cmdbId}</span>{' '}
                        {row.link === 'hand' && may('cmdb.manage') && (
                          <Button size="small" onClick={() => void linkTo(row, null)}>
                            {t('cmdb.unlink')}
                          </Button>
                        )}
                        {may('cmdb.manage') &&
                          row.suggestions.map((one) => (
                            <Button key={one.cmdbId} size="small" onClick={() => void linkTo(row, one)}>
                              {t('cmdb.linkTo', { key: `${one.project}/${one.code}`, id: one.cmdbId })}
                            </Button>
                          ))}
                        {may('cmdb.manage') && isOneSided(row) && (
                          <Button size="small" onClick={() => setAsked(row)} data-testid="link">
                            {t(row.cmdb ? 'cmdb.linkService' : 'cmdb.linkEntry')}
                          </Button>
                        )}
                        {row.linked.map((key) => (
                          <span key={key} className="faint">
                            {t('cmdb.linkedFrom', { key })}
                          </span>
                        ))}
                      </td>
                      <td>
                        {row.environments.map((one) => (
                          <span key={one.environment} className="row nowrap">
                            <EnvironmentTag environment={one.environment} />
                            {one.clusters.map(({ cluster, ready, desired }) => (
                              <span key={cluster}>{`${nameOf(cluster)} ${ready}/${desired}`}</span>
                            ))}
                          </span>
                        ))}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            );
          }}
        </Loaded>
        <More query={query} />
      </section>
      {asked && <LinkDialog row={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

/** A service that the CMDB does not know, or an entry of which nothing runs: its other side may have another code. */
const isOneSided = ({ link, environments, linked }: CmdbMapping) =>
  link === 'none' || (link === 'code' && environments.length === 0 && linked.length === 0);

function Payer({
  line,
  mayChange,
  save,
}: {
  line: CmdbLine;
  mayChange: boolean;
  save: (costCentre: string | null) => Promise<void>;
}) {
  const t = useT();
  const [text, setText] = useState<string | null>(null);
  return (
    <tr>
      <td>
        <b>{line.name}</b> <span className="mono faint">{line.code}</span>
      </td>
      <td>
        {text === null ? (
          (line.costCentre ?? '–')
        ) : (
          <Input
            aria-label={t('cmdb.costCentre')}
            value={text}
            maxLength={100}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </td>
      <td className="faint">
        {line.costCentreFrom && t(`cmdbPayer.${line.costCentreFrom}`)} {line.changedBy}
      </td>
      <td>
        {mayChange && (
          <Button
            size="small"
            onClick={() => {
              if (text === null) return setText(line.costCentre ?? '');
              setText(null);
              void save(text.trim() === '' ? null : text.trim());
            }}
          >
            {t(text === null ? 'cmdb.editPayer' : 'cmdb.savePayer')}
          </Button>
        )}
      </td>
    </tr>
  );
}
