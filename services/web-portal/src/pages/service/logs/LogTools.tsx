import { ArrowDownOutlined, ArrowUpOutlined, DownloadOutlined } from '@ant-design/icons';
import type { Container } from '@berth/api';
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useT } from '../../../i18n/index.js';
import { toneOf } from '../../../ui/tone.js';
import { Shape } from '../../../ui/Mark.js';
import { mostTogether, type LogPlace } from './sources.js';

interface Props {
  readonly sources: readonly Container[];
  readonly chosen: readonly Container[];
  readonly asked: LogPlace;
  readonly follow: boolean;
  readonly wrap: boolean;
  readonly text: string;
  readonly finds: number;
  readonly findAt: number;
  readonly canSave: boolean;
  readonly onGo: (search: LogPlace) => void;
  readonly onFollow: (follow: boolean) => void;
  readonly onWrap: (wrap: boolean) => void;
  readonly onText: (text: string) => void;
  readonly step: (by: number) => void;
  readonly jump: (time: string) => void;
  readonly download: () => void;
}

/** Which containers, which run, from when, and what to look for. */
export function LogTools(props: Props) {
  const t = useT();
  const { chosen, asked, follow, wrap, onGo } = props;
  const one = chosen.length === 1 ? chosen[0] : undefined;
  return (
    <div className="row log-tools">
      <Sources {...props} />
      <Times asked={asked} onGo={onGo} jump={props.jump} />
      <Checkbox
        checked={asked.previous === true}
        disabled={!one || (one.restarts === 0 && !one.lastEnd)}
        title={one ? undefined : t('logs.previousOfOne')}
        onChange={(event) =>
          onGo({ cluster: one?.cluster, container: one?.name, ...(event.target.checked && { previous: true }) })
        }
        data-testid="log-previous"
      >
        {t('logs.previous')}
      </Checkbox>
      <Checkbox checked={follow} onChange={(event) => props.onFollow(event.target.checked)} data-testid="log-follow">
        {t('logs.follow')}
      </Checkbox>
      <Checkbox checked={wrap} onChange={(event) => props.onWrap(event.target.checked)}>
        {t('logs.wrap')}
      </Checkbox>
      <span className="grow" />
      <Finder {...props} />
      <Button
        icon={<DownloadOutlined />}
        aria-label={t('logs.download')}
        title={t('logs.download')}
        onClick={props.download}
        disabled={!props.canSave}
        data-testid="log-download"
      />
    </div>
  );
}

const idOf = (row: Pick<Container, 'cluster' | 'name'>) => `${row.cluster}/${row.name}`;

/** All that run now, those of one cluster, or one container, also one that is gone. */
function Sources({ sources, chosen, asked, onGo }: Props) {
  const t = useT();
  const running = sources.filter((row) => row.endedAt === null);
  const gone = sources.filter((row) => row.endedAt !== null).slice(0, 200);
  const clusters = [...new Set(running.map((row) => row.cluster))];
  const isOne = chosen.some((row) => row.name === asked.container) || running.length === 0;
  const value = isOne && chosen[0] ? idOf(chosen[0]) : (asked.cluster ?? '');
  const option = (row: Container) => ({
    value: idOf(row),
    label: (
      <span className="log-option">
        <Shape tone={toneOf.container(row.state)} />
        <span className="mono">{row.name}</span>
        <span className="faint">
          {row.cluster} · {t(`containerState.${row.state}`)}
          {row.release && ` · #${row.release}`}
          {row.endedAt !== null && row.logKept && ` · ${t('logs.isKept')}`}
        </span>
      </span>
    ),
  });
  const groups = [
    {
      label: t('logs.together'),
      options: [
        {
          value: '',
          label:
            running.length > mostTogether
              ? t('logs.someNow', { shown: mostTogether, count: running.length })
              : t('logs.allNow', { count: running.length }),
        },
        ...(clusters.length > 1
          ? clusters.map((cluster) => ({ value: cluster, label: t('logs.allIn', { cluster }) }))
          : []),
      ],
    },
    { label: t('containers.now'), options: running.map(option) },
    { label: t('containers.past'), options: gone.map(option) },
  ];
  return (
    <Select
      aria-label={t('logs.container')}
      data-testid="log-container"
      style={{ width: 224 }}
      popupMatchSelectWidth={480}
      showSearch={{ optionFilterProp: 'value' }}
      value={value}
      options={groups.filter((group, index) => group.options.length > 0 && (index > 0 || running.length > 0))}
      onChange={(id: string) => {
        const [cluster, container] = id.split('/');
        onGo({ ...(cluster && { cluster }), ...(container && { container }) });
      }}
    />
  );
}

const minuteMs = 60_000;
const spans = [5, 15, 60, 360] as const;

/** From when: the newest lines, some minutes back, or a time of day. */
function Times({ asked, onGo, jump }: { asked: LogPlace; onGo: Props['onGo']; jump: Props['jump'] }) {
  const t = useT();
  const [exact, setExact] = useState<string | null>(null);
  if (exact !== null)
    return (
      <form
        className="row log-time-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (exact) jump(new Date(exact).toISOString());
          setExact(null);
        }}
      >
        <input
          autoFocus
          type="datetime-local"
          step={1}
          className="text-input log-time-input"
          aria-label={t('logs.time')}
          data-testid="log-time"
          value={exact}
          onChange={(event) => setExact(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setExact(null)}
        />
        <Button size="small" type="primary" htmlType="submit" disabled={exact === ''}>
          {t('logs.jump')}
        </Button>
        <Button size="small" onClick={() => setExact(null)}>
          {t('common.cancel')}
        </Button>
      </form>
    );
  const pick = (value: string) => {
    if (value === 'exact') setExact(localNow());
    else if (value === 'newest') onGo({ ...asked, since: undefined });
    else onGo({ ...asked, since: new Date(Date.now() - Number(value) * minuteMs).toISOString() });
  };
  return (
    <Select
      aria-label={t('logs.time')}
      data-testid="log-since"
      style={{ width: 120 }}
      value={asked.since ? 'since' : 'newest'}
      onChange={pick}
      options={[
        ...(asked.since ? [{ value: 'since', label: t('logs.fromTime'), disabled: true }] : []),
        { value: 'newest', label: t('logs.newest') },
        ...spans.map((minutes) => ({ value: String(minutes), label: t('logs.minutesBack', { minutes }) })),
        { value: 'exact', label: t('logs.exact') },
      ]}
    />
  );
}

/** The time now as the browser's field wants it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * minuteMs).toISOString().slice(0, 19);
}

function Finder({ text, finds, findAt, step, onText }: Props) {
  const t = useT();
  return (
    <span className="row log-find">
      <Input
        data-search
        allowClear
        style={{ width: 168 }}
        value={text}
        placeholder={t('logs.search')}
        aria-label={t('logs.search')}
        data-testid="log-search"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && step(event.shiftKey ? -1 : 1)}
      />
      <span className="faint num log-finds" role="status" data-testid="log-finds">
        {text && (finds === 0 ? t('logs.noFinds') : `${findAt}/${finds}`)}
      </span>
      <Button
        type="text"
        icon={<ArrowUpOutlined />}
        aria-label={t('logs.findPrevious')}
        disabled={finds === 0}
        onClick={() => step(-1)}
      />
      <Button
        type="text"
        icon={<ArrowDownOutlined />}
        aria-label={t('logs.findNext')}
        disabled={finds === 0}
        onClick={() => step(1)}
      />
    </span>
  );
}
