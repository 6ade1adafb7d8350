import { environmentNames, parseServiceKey, ServiceKey, type EnvironmentName } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { operationQuery } from '../api/queries.js';
import { getPreferences, setPreferences } from './preferences.js';

/** Project and environment of the address; `all` where nothing is chosen. */
export interface Scope {
  readonly project: string;
  readonly env: string;
}

/** The scope of the page, on the page of an operation its target's, on others without one the last that was chosen. */
export function useScope(): Scope {
  const params: { project?: string; env?: string; id?: string } = useParams({ strict: false });
  const { project, env, id } = params;
  const { data: operation } = useQuery({ ...operationQuery(id ?? ''), enabled: id !== undefined && env === undefined });
  useEffect(() => {
    const last = getPreferences().scope;
    if (project && env && (last.project !== project || last.env !== env)) setPreferences({ scope: { project, env } });
  }, [project, env]);
  if (project && env) return { project, env };
  const place = id === undefined ? null : ServiceKey.safeParse(operation?.target).data;
  if (!place) return getPreferences().scope;
  const at = parseServiceKey(place);
  return { project: at.project, env: at.environment };
}

/** The scope as a filter of a list. */
export function scopeFilter(scope: Scope): { project?: string; environment?: EnvironmentName } {
  const environment = environmentNames.find((name) => name === scope.env);
  return { ...(scope.project !== 'all' && { project: scope.project }), ...(environment && { environment }) };
}
