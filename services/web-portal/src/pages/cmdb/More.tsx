import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { useT } from '../../i18n/index.js';

interface Props {
  readonly query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
}

/** Below a list of which there is more than was read. */
export function More({ query }: Props) {
  const t = useT();
  if (!query.hasNextPage) return null;
  return (
    <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t('cmdb.more')}
    </Button>
  );
}
