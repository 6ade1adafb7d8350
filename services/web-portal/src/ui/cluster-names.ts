import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { clustersQuery } from '../api/queries.js';
import { useMayAnywhere } from '../app/session.js';

/** Clusters by the names people gave them (北京), their codes where a name is not known. */
export function useClusterNames(): (code: string) => string {
  const may = useMayAnywhere();
  const { data } = useQuery({ ...clustersQuery, enabled: may('cluster.read') });
  return useMemo(() => {
    const names = new Map(data?.items.map((cluster) => [cluster.name, cluster.displayName]));
    return (code) => names.get(code) || code;
  }, [data]);
}
