import { useFeed } from '../api/feed/feed.js';
import { useT } from '../i18n/index.js';
import { clockText } from '../ui/time.js';

/** Whether what is on the screen follows the platform: live, late, or not at all. */
export function FeedDot() {
  const t = useT();
  const { status, heardAt } = useFeed();
  const title = heardAt ? t('feed.heard', { at: clockText(new Date(heardAt).toISOString()) }) : t('feed.never');
  return (
    <span className={`feed feed-${status}`} role="status" title={title} data-testid="feed-dot" data-status={status}>
      <i aria-hidden="true" />
      {t(`feed.${status}`)}
    </span>
  );
}
