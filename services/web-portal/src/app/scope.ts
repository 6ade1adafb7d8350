import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { getPreferences, setPreferences } from './preferences.js';

/** Project and environment of the address; `all` where nothing is chosen. */
export interface Scope {
  readonly project: string;
  readonly env: string;
}

/** The scope of the page, or on pages without one the last that was chosen. */
export function useScope(): Scope {
  const params: { project?: string; env?: string } = useParams({ strict: false });
  const { project, env } = params;
  useEffect(() => {
    const last = getPreferences().scope;
    if (project && env && (last.project !== project || last.env !== env)) setPreferences({ scope: { project, env } });
  }, [project, env]);
  return project && env ? { project, env } : getPreferences().scope;
}

/** The scope as a filter of a list. */
export function scopeFilter(scope: Scope): { project?: string; environment?: EnvironmentName } {
  const environment = environmentNames.find((name) => name === scope.env);
  return { ...(scope.project !== 'all' && { project: scope.project }), ...(environment && { environment }) };
}
