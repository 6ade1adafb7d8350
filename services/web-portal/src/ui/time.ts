/** Parts of the way times are written. All pure: the clock is an argument. */

/** `42 s`, `3 min 5 s`, `2 h 10 min`; below a second `0.4 s`, below a tenth `31 ms`. */
export function durationText(ms: number): string {
  if (ms <= 0) return '0 s';
  if (ms < 95) return `${Math.round(ms)} ms`;
  if (ms < 950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** Making a format takes longer than all of a row: one for each language. */
function relativeFormat(language: string): Intl.RelativeTimeFormat {
  const made =
    relativeFormats.get(language) ?? new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  relativeFormats.set(language, made);
  return made;
}

/** "12 minutes ago" in the reader's language. */
export function agoText(at: number, now: number, language: string): string {
  const seconds = Math.round((at - now) / 1000);
  const format = relativeFormat(language);
  const size = Math.abs(seconds);
  if (size < 10) return format.format(0, 'second');
  if (size < 60) return format.format(seconds, 'second');
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}

const two = (value: number) => String(value).padStart(2, '0');

/** `2026-11-21 09:05:07` in the reader's time zone. */
export function clockText(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `09:05` in the reader's time zone. */
export function hourText(iso: string): string {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Time of day with milliseconds, for log lines. */
export function logTimeText(iso: string): string {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
