import type { Container } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { containersQuery, type ServicePlace } from '../../../api/queries.js';
import { useT } from '../../../i18n/index.js';
import { Empty, Loaded, Skeleton } from '../../../ui/Loaded.js';
import { ContainerMark } from '../../../ui/Mark.js';
import { ErrorNote } from '../../../ui/ProblemNote.js';
import { clockText } from '../../../ui/time.js';
import { Lasting } from '../../../ui/Time.js';
import { containerWords } from '../container-words.js';
import { asFile, findMore, placeOfTime, type Found } from './log-lines.js';
import { LogList } from './LogList.js';
import { LogTools } from './LogTools.js';
import { readAll, type SourceState } from './log-reader.js';
import { allSources, keptAndChosen, shortNames, type LogPlace } from './sources.js';
import { useLog, type LogView as LogFeedView } from './useLog.js';
import './logs.css';

/** Terminal output of the containers of a service, now or gone. */
export function Logs({ place }: { place: ServicePlace }) {
  const now = useQuery({ ...containersQuery(place, false), refetchInterval: 5000 });
  const past = useQuery({ ...containersQuery(place, true), refetchInterval: 15_000 });
  const { container }: LogPlace = useSearch({ from: '/inside/p/$project/$env/services/$code/$tab' });
  return (
    <Loaded query={now} rows={8}>
      {(page) => {
        // One that is not among those that run is a past one, once these are known: no other is read until then.
        const isWaiting =
          container !== undefined && past.isPending && page.items.every(({ name }) => name !== container);
        if (isWaiting) return <Skeleton rows={8} />;
        return <LogPage place={place} now={page.items} past={past.data?.items ?? []} />;
      }}
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
  if (sources.length === 0) return <Empty title={t('logs.none')} text={t('logs.noneText')} />;
  const go = (search: LogPlace) =>
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: 'logs' },
      search,
      replace: true,
    });
  // Another wish is another log; containers that fall ill, come or go are not.
  const of = JSON.stringify([asked.cluster, asked.container, asked.previous, asked.since]);
  return <LogView key={of} place={place} sources={sources} asked={asked} onGo={go} />;
}

interface ViewProps {
  readonly place: ServicePlace;
  readonly sources: readonly Container[];
  readonly asked: LogPlace;
  readonly onGo: (search: LogPlace) => void;
}

const noFinds: Found = { text: '', ids: [], from: 1, upTo: 0 };

function LogView({ place, sources, asked, onGo }: ViewProps) {
  const t = useT();
  const chosen = useChosen(sources, asked);
  const [isSaving, setSaving] = useState(false);
  const isPrevious = asked.previous === true;
  // Whoever asks for a time wants to read from there, not the end.
  const [follow, setFollow] = useState(!asked.since);
  const [seenId, setSeenId] = useState(0);
  const [wrap, setWrap] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState<number | null>(null);
  const [found, setFound] = useState(noFinds);
  const [risen, setRisen] = useState(0);
  const [isLive] = useState(() => chosen.some((row) => row.endedAt === null));
  const log = useLog(place, {
    sources: chosen.map(sourceOf),
    previous: isPrevious,
    follow: !isPrevious && isLive,
    since: asked.since ?? null,
  });
  const { lines } = log;
  const lastId = lines.at(-1)?.id ?? 0;
  if (log.risen !== risen) {
    // Older lines came between: the ids that were noted are those of other lines now.
    setRisen(log.risen);
    setSeenId(seenId + log.risen - risen);
    setFound({ text, ids: [], from: Infinity, upTo: 0 });
    setAt(null);
  } else if (found.text !== text || found.upTo !== lastId || found.from > (lines[0]?.id ?? 1)) {
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
  const names = shortNames(
    log.sources.flatMap(
      ({ cluster, container }) => sources.find((row) => row.cluster === cluster && row.name === container) ?? [],
    ),
  );
  // What is shown is a part; the file is all that the clusters still have.
  const download = async () => {
    setSaving(true);
    try {
      const texts = await Promise.all(
        chosen.map(async (row) => ({ row, text: await readAll(place, sourceOf(row), isPrevious) })),
      );
      for (const { row, text: whole } of texts) save(whole, `${row.name}${isPrevious ? '.previous' : ''}.log`);
    } catch {
      // The cluster does not answer: what was read is better than nothing.
      save(asFile(lines, names), `${place.service}.log`);
    } finally {
      setSaving(false);
    }
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
        {...{ sources, chosen, asked, onGo, follow, wrap, text, step, jump }}
        download={() => void download()}
        onFollow={hold}
        onWrap={setWrap}
        onText={setText}
        findAt={at === null ? 0 : found.ids.indexOf(at) + 1}
        finds={found.ids.length}
        canSave={lines.length > 0 && !isSaving}
      />
      <Waiting chosen={chosen} log={log} />
      <Kept log={log} />
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
            onTop={(readersId) => void log.older(readersId).catch(() => undefined)}
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

const sourceOf = (row: Container) => ({ cluster: row.cluster, container: row.name });

/** The containers that are read: they stay while others come and go. */
function useChosen(sources: readonly Container[], asked: LogPlace): readonly Container[] {
  const [before, setBefore] = useState<readonly Container[]>([]);
  const chosen = keptAndChosen(before, sources, asked);
  const isSame = chosen.length === before.length && chosen.every((row, index) => row === before[index]);
  if (!isSame) setBefore(chosen);
  return chosen;
}

function save(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** How a container is being read. */
function stateOf({ sources, states }: LogFeedView, row: Container): SourceState | undefined {
  return states[sources.findIndex(({ cluster, container }) => cluster === row.cluster && container === row.name)];
}

/** Containers that have nothing to say yet, with what they wait for and how long. */
function Waiting({ chosen, log }: { chosen: readonly Container[]; log: LogFeedView }) {
  const t = useT();
  const waiting = chosen.filter((row) => stateOf(log, row) === 'waiting');
  if (waiting.length === 0) return null;
  return (
    <div role="status" data-testid="log-waiting">
      <ul className="log-waiting">
        {waiting.map((row) => (
          <li key={row.uid} className="note">
            {t('logs.notStarted')} <ContainerMark state={row.state} /> <Lasting from={row.createdAt} />
            <span className="faint cut">{containerWords(t, row)}</span>
            <span className="grow" />
            <span className="mono faint">{row.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** That these lines are what the platform kept, not what the cluster has. */
function Kept({ log }: { log: LogFeedView }) {
  const t = useT();
  return log.kept.map((kept, index) => {
    if (!kept) return null;
    const isEmpty = log.lines.every((line) => line.source !== index || line.notice !== null);
    return (
      <p key={index} className="note log-kept" role="status" data-testid="log-kept">
        {t('logs.kept', { run: kept.run, lines: kept.mostLines, until: clockText(kept.until) })}{' '}
        {isEmpty && t('logs.keptNothing')} {!kept.toEnd && t('logs.keptEarly')}
      </p>
    );
  });
}

interface FootProps {
  readonly chosen: readonly Container[];
  readonly log: LogFeedView;
  readonly previous: boolean;
  readonly since: string | null;
}

function Foot({ chosen, log, previous, since }: FootProps) {
  const t = useT();
  const order = ['reconnecting', 'failed', 'streaming', 'waiting', 'opening', 'ended'] as const;
  const states = chosen.map((row) => stateOf(log, row));
  const state = order.find((name) => states.includes(name)) ?? 'opening';
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
