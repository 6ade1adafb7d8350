import type { Container } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { containersQuery, type ServicePlace } from '../../../api/queries.js';
import { useT } from '../../../i18n/index.js';
import { Empty, Loaded } from '../../../ui/Loaded.js';
import { ContainerMark } from '../../../ui/Mark.js';
import { ErrorNote } from '../../../ui/ProblemNote.js';
import { clockText } from '../../../ui/time.js';
import { Lasting } from '../../../ui/Time.js';
import { asFile, findMore, placeOfTime, type Found } from './log-lines.js';
import { LogList } from './LogList.js';
import { LogTools } from './LogTools.js';
import { allSources, chosenOf, shortNames, type LogPlace } from './sources.js';
import { useLog, type LogView } from './useLog.js';
import './logs.css';

/** Terminal output of the containers of a service, now or gone. */
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

function LogPage({ place, now, past }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const asked: LogPlace = useSearch({ from: '/inside/p/$project/$env/services/$code/$tab' });
  const sources = allSources(now, past);
  const chosen = chosenOf(sources, asked);
  if (chosen.length === 0) return <Empty title={t('logs.none')} text={t('logs.noneText')} />;
  const go = (search: LogPlace) =>
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: 'logs' },
      search,
      replace: true,
    });
  const of = JSON.stringify([chosen.map((row) => row.uid), asked.previous, asked.since]);
  return <LogView key={of} place={place} sources={sources} chosen={chosen} asked={asked} onGo={go} />;
}

interface ViewProps {
  readonly place: ServicePlace;
  readonly sources: readonly Container[];
  readonly chosen: readonly Container[];
  readonly asked: LogPlace;
  readonly onGo: (search: LogPlace) => void;
}

const noFinds: Found = { text: '', ids: [], upTo: 0 };

function LogView({ place, sources, chosen, asked, onGo }: ViewProps) {
  const t = useT();
  const isPrevious = asked.previous === true;
  // Whoever asks for a time wants to read from there, not the end.
  const [follow, setFollow] = useState(!asked.since);
  const [seenId, setSeenId] = useState(0);
  const [wrap, setWrap] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState<number | null>(null);
  const [found, setFound] = useState(noFinds);
  const log = useLog(place, {
    sources: chosen.map((row) => ({ cluster: row.cluster, container: row.name })),
    previous: isPrevious,
    follow: !isPrevious && chosen.some((row) => row.endedAt === null),
    since: asked.since ?? null,
  });
  const { lines } = log;
  const lastId = lines.at(-1)?.id ?? 0;
  if (found.text !== text || found.upTo !== lastId) {
    const next = findMore(found, lines, text);
    setFound(next);
    // The newest find is the one that is looked for most.
    if (found.text !== text) setAt(next.ids.at(-1) ?? null);
  }
  const hold = (isFollowing: boolean) => {
    if (!isFollowing) setSeenId(lastId);
    setFollow(isFollowing);
  };
  const step = (by: number) => {
    if (found.ids.length === 0) return;
    const place = at === null ? 0 : found.ids.indexOf(at);
    setAt(found.ids[(place + by + found.ids.length) % found.ids.length] ?? null);
    hold(false);
  };
  const jump = (time: string) => {
    const index = placeOfTime(lines, Date.parse(time));
    if (index === null) return onGo({ ...asked, since: time });
    hold(false);
    setAt(lines[index]?.id ?? null);
  };
  const names = shortNames(chosen);
  const download = () => {
    const link = document.createElement('a');
    const file = asFile(
      lines,
      chosen.map((row) => row.name),
    );
    link.href = URL.createObjectURL(new Blob([file], { type: 'text/plain;charset=utf-8' }));
    link.download = `${chosen.length === 1 ? chosen[0]?.name : place.service}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const keys: Readonly<Record<string, () => void>> = {
    f: () => hold(!follow),
    w: () => setWrap(!wrap),
    n: () => step(1),
    N: () => step(-1),
    End: () => hold(true),
  };
  const fresh = follow ? 0 : lastId - seenId;
  return (
    <div className="logs">
      <LogTools
        {...{ sources, chosen, asked, onGo, follow, wrap, text, step, jump, download }}
        onFollow={hold}
        onWrap={setWrap}
        onText={setText}
        findAt={at === null ? 0 : found.ids.indexOf(at) + 1}
        finds={found.ids.length}
        canSave={lines.length > 0}
      />
      <Waiting chosen={chosen} log={log} />
      {log.error !== null && lines.length === 0 ? (
        <ErrorNote error={log.error} />
      ) : (
        <div className="log-box">
          <LogList
            lines={lines}
            names={names}
            wrap={wrap}
            follow={follow}
            onFollow={hold}
            onKey={(key) => keys[key]?.()}
            search={text}
            at={at}
          />
          {!follow && fresh > 0 && log.states.includes('streaming') && (
            <button type="button" className="chip log-fresh" onClick={() => hold(true)}>
              {seenId === 0 ? t('logs.toEnd') : t('logs.fresh', { count: fresh })} ↓
            </button>
          )}
        </div>
      )}
      <Foot chosen={chosen} log={log} previous={isPrevious} since={asked.since ?? null} />
    </div>
  );
}

/** Containers that have nothing to say yet, with what they wait for and how long. */
function Waiting({ chosen, log }: { chosen: readonly Container[]; log: LogView }) {
  const t = useT();
  const waiting = chosen.filter((_, index) => log.states[index] === 'waiting');
  if (waiting.length === 0) return null;
  return (
    <div role="status" data-testid="log-waiting">
      <ul className="log-waiting">
        {waiting.map((row) => (
          <li key={row.uid} className="note">
            {t('logs.notStarted')} <ContainerMark state={row.state} /> <Lasting from={row.createdAt} />
            <span className="faint cut">{row.detail}</span>
            <span className="grow" />
            <span className="mono faint">{row.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FootProps {
  readonly chosen: readonly Container[];
  readonly log: LogView;
  readonly previous: boolean;
  readonly since: string | null;
}

function Foot({ chosen, log, previous, since }: FootProps) {
  const t = useT();
  const order = ['reconnecting', 'failed', 'streaming', 'waiting', 'opening', 'ended'] as const;
  const state = order.find((name) => log.states.includes(name)) ?? 'opening';
  const end = chosen.length === 1 ? (previous ? chosen[0]?.lastEnd : null) : null;
  return (
    <p className="faint log-foot" role="status" data-state={state}>
      {t(`logs.state.${state}`)} · {t('logs.lines', { count: log.lines.length })}
      {since && ` · ${t('logs.since', { at: clockText(since) })}`}
      {end && (
        <>
          {' · '}
          {end.reason} {end.exitCode !== null && t('container.exit', { code: end.exitCode })}{' '}
          {end.at && clockText(end.at)}
        </>
      )}
      <span className="log-keys">
        <kbd>/</kbd> {t('logs.key.find')} <kbd>n</kbd> {t('logs.key.next')} <kbd>f</kbd> {t('logs.follow')} <kbd>w</kbd>{' '}
        {t('logs.wrap')}
      </span>
    </p>
  );
}
