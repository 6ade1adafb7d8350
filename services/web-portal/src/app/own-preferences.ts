import { routes, type UserPreferences } from '@berth/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.js';
import { preferencesQuery } from '../api/queries.js';

/** What this user keeps on the server, and a way to change part of it; shown at once, put back when it is refused. */
export function useOwnPreferences(): {
  readonly own: UserPreferences | undefined;
  readonly change: (part: Partial<UserPreferences>) => void;
} {
  const client = useQueryClient();
  const { data: own } = useQuery(preferencesQuery);
  const save = useMutation({
    mutationFn: (next: UserPreferences) => call(routes.savePreferences, { body: next }),
    onMutate: (next) => client.setQueryData(preferencesQuery.queryKey, next),
    onError: () => void client.invalidateQueries({ queryKey: preferencesQuery.queryKey }),
  });
  return { own, change: (part) => own && save.mutate({ ...own, ...part }) };
}
