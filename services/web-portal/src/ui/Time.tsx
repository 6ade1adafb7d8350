import { useEffect, useState } from 'react';
import { useT } from '../i18n/index.js';
import { agoText, clockText, durationText } from './time.js';

/** The time now, again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** "12 minutes ago", the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow(10_000);
  const t = useT();
  return (
    <time dateTime={at} title={clockText(at)}>
      {agoText(Date.parse(at), Math.max(now, Date.parse(at)), t.language)}
    </time>
  );
}

/** Age of something that still is, or how long it lasted. */
export function Lasting({ from, to }: { from: string; to?: string | null | undefined }) {
  const now = useNow(1000);
  const end = to ? Date.parse(to) : now;
  return <span className="num">{durationText(Math.max(0, end - Date.parse(from)))}</span>;
}

export function Clock({ at }: { at: string }) {
  return (
    <time className="num" dateTime={at}>
      {clockText(at)}
    </time>
  );
}
