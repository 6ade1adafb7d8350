import type { ReactNode } from 'react';
import { useT } from '../i18n/index.js';
import { clockText } from './time.js';
import { Shape } from './Mark.js';
import { ErrorNote } from './ProblemNote.js';

interface QueryLike<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isError: boolean;
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}
interface Props<Data> {
  readonly query: QueryLike<Data>;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** The four faces of something read: not here yet, refused, here, and here but old because reading again failed. */
export function Loaded<Data>({ query, rows = 6, children }: Props<Data>) {
  if (query.data === undefined) {
    if (query.isError) return <ErrorNote error={query.error} retry={() => void query.refetch()} />;
    return <Skeleton rows={rows} />;
  }
  return (
    <>
      {query.isError && <StaleNote at={query.dataUpdatedAt} retry={() => void query.refetch()} />}
      <div className={query.isError ? 'stale' : 'fresh'}>{children(query.data)}</div>
    </>
  );
}

export function StaleNote({ at, retry }: { at: number; retry: () => void }) {
  const t = useT();
  return (
    <p className="note note-warn" role="status">
      <Shape tone="unknown" /> {t('common.staleSince', { at: clockText(new Date(at).toISOString()) })}{' '}
      <button type="button" className="link" onClick={retry}>
        {t('common.retry')}
      </button>
    </p>
  );
}

export function Skeleton({ rows }: { rows: number }) {
  const t = useT();
  return (
    <div className="skeleton" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** Nothing here yet: what this is, one button, one line of the command line. */
export function Empty({
  title,
  text,
  action,
  line,
}: {
  title: string;
  text?: string;
  action?: ReactNode;
  line?: string;
}) {
  return (
    <div className="empty" data-testid="empty">
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {action}
      {line && <code>{line}</code>}
    </div>
  );
}
