import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useT } from '../i18n/index.js';
import { Empty, Skeleton } from '../ui/Loaded.js';
import { ErrorNote } from '../ui/ProblemNote.js';

export function PagePending() {
  return <Skeleton rows={8} />;
}

/** A page that broke: the frame stays, and it can be tried again. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return <ErrorNote error={error} retry={reset} />;
}

export function NotFound() {
  const t = useT();
  return (
    <Empty title={t('frame.notFound')} text={t('frame.notFoundText')} action={<Link to="/">{t('frame.home')}</Link>} />
  );
}
