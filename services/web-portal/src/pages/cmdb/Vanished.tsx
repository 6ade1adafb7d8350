import type { CmdbVanished } from '@berth/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { byProject, type Group } from './decide.js';
import { DecisionDialog, type Asked } from './DecisionDialog.js';
import { Decisions } from './Decisions.js';
import { More } from './More.js';
import { allVanished, vanishedQuery } from './queries.js';
import { VanishedRow } from './VanishedRow.js';

const states = ['waiting', 'kept', 'decided'] as const;

/** What the CMDB no longer names and still runs: somebody says whether it goes; and what was said so far. */
export function Vanished() {
  const t = useT();
  const [state, setState] = useState<(typeof states)[number]>('waiting');
  const [search, setSearch] = useState('');
  return (
    <div className="stack">
      <div className="row">
        <Segmented
          value={state}
          onChange={setState}
          options={states.map((value) => ({ value, label: t(`cmdbVanishedTab.${value}`) }))}
          data-testid="vanished-state"
        />
        <Input.Search
          style={{ width: 280 }}
          allowClear
          aria-label={t('cmdb.searchVanished')}
          placeholder={t('cmdb.searchVanished')}
          onSearch={setSearch}
        />
      </div>
      {state === 'decided' ? (
        <Decisions search={search} />
      ) : (
        <Open key={`${state} ${search}`} state={state} search={search} />
      )}
    </div>
  );
}

function Open({ state, search }: { state: 'waiting' | 'kept'; search: string }) {
  const t = useT();
  const may = useMay();
  const query = useInfiniteQuery(vanishedQuery(state, search));
  const [marked, setMarked] = useState<ReadonlyMap<string, CmdbVanished>>(new Map());
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const mark = (rows: readonly CmdbVanished[], on: boolean) => {
    const next = new Map(marked);
    for (const row of rows)
      if (on) next.set(row.id, row);
      else next.delete(row.id);
    setMarked(next);
  };
  const markAll = async () => {
    setBusy(true);
    setError(null);
    try {
      mark(await allVanished(state, search), true);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error !== null && <ErrorNote error={error} />}
      <Loaded query={query} rows={4}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0)
            return <Empty title={t(`cmdb.none.${state}`)} text={search ? '' : t('cmdb.noneVanishedText')} />;
          return (
            <div className="stack">
              {may('cmdb.manage') && (
                <Marked
                  chosen={marked.size}
                  busy={busy}
                  onAll={() => void markAll()}
                  onNone={() => setMarked(new Map())}
                  onAsk={(decision) => setAsked({ rows: [...marked.values()], decision })}
                />
              )}
              <div className="scroll-x" tabIndex={0} role="group" aria-label={t('cmdb.vanished')}>
                <table className="plain" data-testid="vanished">
                  {byProject(rows).map((group) => (
                    <ProjectRows
                      key={group.project}
                      group={group}
                      marked={marked}
                      mayDecide={may('cmdb.manage')}
                      mark={mark}
                      ask={(row, decision) => setAsked({ rows: [row], decision })}
                    />
                  ))}
                </table>
              </div>
            </div>
          );
        }}
      </Loaded>
      <More query={query} />
      {asked && (
        <DecisionDialog
          asked={asked}
          onClose={() => {
            setAsked(null);
            setMarked(new Map());
          }}
        />
      )}
    </>
  );
}

interface MarkedProps {
  readonly chosen: number;
  readonly busy: boolean;
  readonly onAll: () => void;
  readonly onNone: () => void;
  readonly onAsk: (decision: Asked['decision']) => void;
}

function Marked({ chosen, busy, onAll, onNone, onAsk }: MarkedProps) {
  const t = useT();
  return (
    <div className="decide-bar" role="toolbar" aria-label={t('bulk.label')} data-testid="vanished-marked">
      <b>{t('cmdb.marked', { count: chosen })}</b>
      <Button size="small" loading={busy} onClick={onAll} data-testid="mark-all">
        {t('cmdb.markAll')}
      </Button>
      <Button size="small" disabled={chosen === 0} onClick={onNone}>
        {t('bulk.clear')}
      </Button>
      <span className="grow" />
      <Button size="small" danger disabled={chosen === 0} onClick={() => onAsk('retire')} data-testid="retire-marked">
        {t('cmdb.confirmRetire')}
      </Button>
      <Button size="small" disabled={chosen === 0} onClick={() => onAsk('keep')} data-testid="keep-marked">
        {t('cmdb.keep')}
      </Button>
    </div>
  );
}

interface ProjectProps {
  readonly group: Group;
  readonly marked: ReadonlyMap<string, CmdbVanished>;
  readonly mayDecide: boolean;
  readonly mark: (rows: readonly CmdbVanished[], on: boolean) => void;
  readonly ask: (row: CmdbVanished, decision: Asked['decision']) => void;
}

function ProjectRows({ group: { project, rows }, marked, mayDecide, mark, ask }: ProjectProps) {
  const t = useT();
  const nameOf = useClusterNames();
  const chosen = rows.filter(({ id }) => marked.has(id)).length;
  return (
    <tbody>
      <tr className="group-row">
        {mayDecide && (
          <td>
            <input
              type="checkbox"
              aria-label={t('cmdb.markProject', { project })}
              checked={chosen === rows.length}
              ref={(box) => {
                if (box) box.indeterminate = chosen > 0 && chosen < rows.length;
              }}
              onChange={(event) => mark(rows, event.target.checked)}
            />
          </td>
        )}
        <th scope="rowgroup" colSpan={5}>
          <span className="mono">{project}</span>{' '}
          <span className="faint">{t('cmdb.rowsCount', { count: rows.length })}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <VanishedRow
          key={row.id}
          row={row}
          isMarked={marked.has(row.id)}
          mayDecide={mayDecide}
          nameOf={nameOf}
          mark={mark}
          ask={ask}
        />
      ))}
    </tbody>
  );
}
