import type { Container } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { containersQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { clockText } from '../../ui/time.js';
import { asFile, findLines } from './log-lines.js';
import { LogList } from './LogList.js';
import { useLog } from './useLog.js';
import './logs.css';

/** Terminal output of one container, now or gone. */
export function Logs({ place }: { place: ServicePlace }) {
  const now = useQuery({ ...containersQuery(place, false), refetchInterval: 5000 });
  const past = useQuery(containersQuery(place, true));
  return (
    <Loaded query={now} rows={8}>
      {(page) => <LogPage place={place} now={page.items} past={past.data?.items ?? []} />}
    </Loaded>
  );
}

interface Props {
  readonly place: ServicePlace;
  readonly now: readonly Container[];
  readonly past: readonly Container[];
}

const idOf = (container: Pick<Container, 'cluster' | 'name'>) => `${container.cluster}/${container.name}`;

function LogPage({ place, now, past }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const asked = useSearch({ from: '/inside/p/$project/$env/services/$code/$tab' });
  const gone = past.filter((row) => !now.some((other) => other.uid === row.uid));
  const all = [...now, ...gone];
  const chosen = all.find((row) => row.name === asked.container && row.cluster === asked.cluster) ?? all[0];
  const [previous, setPrevious] = useState(false);
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useState(false);
  const [text, setText] = useState('');
  const [match, setMatch] = useState(0);
  const log = useLog(
    place,
    chosen ? { cluster: chosen.cluster, container: chosen.name, previous, follow: !previous && !chosen.endedAt } : null,
  );
  const found = findLines(log.lines, text);
  if (!chosen) return <Empty title={t('logs.none')} text={t('logs.noneText')} />;
  const pick = (id: string) => {
    const [cluster = '', container = ''] = id.split('/');
    setPrevious(false);
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: 'logs' },
      search: { cluster, container },
      replace: true,
    });
  };
  const option = (row: Container) => ({
    value: idOf(row),
    label: `${row.cluster} · ${row.name} · ${t(`containerState.${row.state}`)}`,
  });
  const step = (by: number) => {
    if (found.length === 0) return;
    setFollow(false);
    setMatch((match + by + found.length) % found.length);
  };
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([asFile(log.lines)], { type: 'text/plain;charset=utf-8' }));
    link.download = `${chosen.name}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div className="logs">
      <div className="row log-tools">
        <Select
          aria-label={t('logs.container')}
          data-testid="log-container"
          style={{ minWidth: 320 }}
          showSearch
          value={idOf(chosen)}
          onChange={pick}
          options={[
            { label: t('containers.now'), options: now.map(option) },
            ...(gone.length > 0 ? [{ label: t('containers.past'), options: gone.slice(0, 100).map(option) }] : []),
          ]}
        />
        <Checkbox
          checked={previous}
          disabled={chosen.restarts === 0 && !chosen.lastEnd}
          onChange={(event) => setPrevious(event.target.checked)}
          data-testid="log-previous"
        >
          {t('logs.previous')}
        </Checkbox>
        <Checkbox checked={follow} onChange={(event) => setFollow(event.target.checked)} data-testid="log-follow">
          {t('logs.follow')}
        </Checkbox>
        <Checkbox checked={wrap} onChange={(event) => setWrap(event.target.checked)}>
          {t('logs.wrap')}
        </Checkbox>
        <span className="grow" />
        <Input
          data-search
          allowClear
          style={{ width: 220 }}
          value={text}
          placeholder={t('logs.search')}
          aria-label={t('logs.search')}
          data-testid="log-search"
          suffix={
            text && <span className="faint num">{found.length === 0 ? '0' : `${match + 1}/${found.length}`}</span>
          }
          onChange={(event) => {
            setText(event.target.value);
            setMatch(0);
          }}
          onKeyDown={(event) => event.key === 'Enter' && step(event.shiftKey ? -1 : 1)}
        />
        <Button onClick={download} disabled={log.lines.length === 0}>
          {t('logs.download')}
        </Button>
      </div>
      {log.state === 'failed' ? (
        <ErrorNote error={log.error} />
      ) : (
        <LogList
          lines={log.lines}
          wrap={wrap}
          follow={follow}
          onFollow={setFollow}
          search={text}
          at={text ? (found[match] ?? null) : null}
        />
      )}
      <p className="faint log-foot" role="status">
        {t(`logs.state.${log.state}`)} · {t('logs.lines', { count: log.lines.length })}
        {chosen.lastEnd && previous && (
          <>
            {' '}
            · {chosen.lastEnd.reason}{' '}
            {chosen.lastEnd.exitCode !== null && t('container.exit', { code: chosen.lastEnd.exitCode })}{' '}
            {chosen.lastEnd.at && clockText(chosen.lastEnd.at)}
          </>
        )}
      </p>
    </div>
  );
}
