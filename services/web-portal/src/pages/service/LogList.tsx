import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useT } from '../../i18n/index.js';
import { logTimeText } from '../../ui/time.js';
import type { ShownLine } from './log-lines.js';

interface Props {
  readonly lines: readonly ShownLine[];
  readonly wrap: boolean;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly search: string;
  /** Line to bring into view: the current find. */
  readonly at: number | null;
}

/** Lines in view only. Scrolling up stops following; the button at the bottom says how many came since. */
export function LogList({ lines, wrap, follow, onFollow, search, at }: Props) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const [seenId, setSeenId] = useState(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- a remark for React Compiler, which is not used
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 30,
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  const lastId = lines.at(-1)?.id ?? 0;
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, lines.length, lastId, virtual]);
  useEffect(() => {
    if (at !== null) virtual.scrollToIndex(at, { align: 'center' });
  }, [at, virtual]);
  const fresh = lines.filter((line) => line.id > seenId).length;
  return (
    <div className="log-box">
      <div
        ref={scroller}
        className={wrap ? 'log wrap' : 'log'}
        role="log"
        aria-live="off"
        aria-label={t('tab.logs')}
        tabIndex={0}
        data-testid="log"
        onWheel={(event) => {
          if (event.deltaY < 0 && follow) {
            setSeenId(lastId);
            onFollow(false);
          }
        }}
        onKeyDown={(event) => {
          if (['PageUp', 'ArrowUp', 'Home'].includes(event.key) && follow) {
            setSeenId(lastId);
            onFollow(false);
          }
          if (event.key === 'End') onFollow(true);
        }}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const className = [
              'log-line',
              line.level && `log-${line.level}`,
              line.notice && 'log-notice',
              item.index === at && 'log-at',
            ];
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={className.filter(Boolean).join(' ')}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {line.at && <span className="log-time">{logTimeText(line.at)}</span>}
                <span>
                  {line.notice ? (
                    t.say(`notice.${line.notice}`, { detail: line.text }, line.text)
                  ) : (
                    <Found text={line.text} search={search} />
                  )}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {!follow && fresh > 0 && seenId > 0 && (
        <button type="button" className="chip log-fresh" onClick={() => onFollow(true)}>
          {t('logs.fresh', { count: fresh })} ↓
        </button>
      )}
    </div>
  );
}

function Found({ text, search }: { text: string; search: string }) {
  if (!search) return text;
  const parts: React.ReactNode[] = [];
  const lower = text.toLowerCase();
  const needle = search.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  return [...parts, text.slice(from)];
}
