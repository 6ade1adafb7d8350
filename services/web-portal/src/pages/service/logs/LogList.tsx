import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useRef } from 'react';
import { useT } from '../../../i18n/index.js';
import { logTimeText } from '../../../ui/time.js';
import { ansiPieces } from './ansi.js';
import type { ShownLine } from './log-lines.js';
import { lineHeightPx, windowOf } from './log-window.js';

const topPx = 10 * lineHeightPx;

interface Props {
  readonly lines: readonly ShownLine[];
  /** Short names of the containers; one a line is shown when there are several. */
  readonly names: readonly string[];
  readonly wrap: boolean;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly onKey: (key: string) => void;
  /** The reader came to the oldest line by scrolling up; tells the id of the line that he sees first. */
  readonly onTop: (readersId: () => number) => void;
  readonly search: string;
  /** Id of the line to bring into view: the current find, or the time jumped to. */
  readonly at: number | null;
}

/** Lines in view only. Scrolling up stops following, scrolling to the end goes on with it. */
export function LogList({ lines, names, wrap, follow, onFollow, onKey, onTop, search, at }: Props) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const firstId = lines[0]?.id ?? 1;
  const lastId = lines.at(-1)?.id ?? 0;
  // eslint-disable-next-line react-hooks/incompatible-library -- a remark for React Compiler, which is not used
  const virtual = useVirtualizer({
    ...windowOf(lines, follow),
    getScrollElement: () => scroller.current,
    useFlushSync: false,
  });
  useEffect(() => virtual.measure(), [wrap, virtual]);
  const height = virtual.getTotalSize();
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !follow) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, [follow, lastId, height]);
  // The list itself keeps the reader's place: that is no scrolling of his.
  useLayoutEffect(() => {
    if (!follow && scroller.current) lastTop.current = scroller.current.scrollTop;
  }, [follow, firstId]);
  useEffect(() => {
    if (at !== null && at >= firstId) virtual.scrollToIndex(at - firstId, { align: 'center' });
    // Only a new find moves the page, not what comes in meanwhile.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at, virtual]);
  const readersId = () => Number(virtual.getVirtualItemForOffset(scroller.current?.scrollTop ?? 0)?.key ?? firstId);
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < lineHeightPx;
    if (follow && !isAtEnd && element.scrollTop < lastTop.current) onFollow(false);
    if (!follow && isAtEnd && element.scrollTop > lastTop.current) onFollow(true);
    if (!follow && element.scrollTop < topPx && element.scrollTop < lastTop.current) onTop(readersId);
    lastTop.current = element.scrollTop;
  };
  return (
    <div
      ref={scroller}
      className={wrap ? 'log wrap' : 'log'}
      role="log"
      aria-live="off"
      aria-label={t('tab.logs')}
      tabIndex={0}
      data-testid="log"
      onScroll={onScroll}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        onKey(event.key);
      }}
    >
      <div className="log-lines" style={{ height }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <div
                key={item.key}
                ref={wrap ? virtual.measureElement : undefined}
                data-index={item.index}
                className="log-row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Line
                  line={line}
                  name={names.length > 1 ? (names[line.source] ?? '') : ''}
                  search={search}
                  isAt={line.id === at}
                />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  readonly line: ShownLine;
  readonly name: string;
  readonly search: string;
  readonly isAt: boolean;
}

/** One line; drawn once, also when thousands come after it. */
const Line = memo(function Line({ line, name, search, isAt }: LineProps) {
  const t = useT();
  const classes = ['log-line', line.level && `log-${line.level}`, line.notice && 'log-notice', isAt && 'log-at'];
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      {line.at && <span className="log-time">{logTimeText(line.at)}</span>}
      {name && <span className={`log-source log-source-${line.source % 6}`}>{name}</span>}
      <span className="log-text">
        {line.notice ? t.say(`notice.${line.notice}`, { detail: line.text }, line.text) : text(line, search)}
      </span>
    </div>
  );
});

function text(line: ShownLine, search: string) {
  const lower = search.toLowerCase();
  if (lower && line.text.toLowerCase().includes(lower)) return marked(line.text, lower);
  if (!line.coloured) return line.text;
  return ansiPieces(line.coloured).map((piece, index) => (
    <span key={index} className={piece.className || undefined}>
      {piece.text}
    </span>
  ));
}

function marked(whole: string, needle: string) {
  const parts: React.ReactNode[] = [];
  const lower = whole.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    parts.push(whole.slice(from, at), <mark key={at}>{whole.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  return [...parts, whole.slice(from)];
}
