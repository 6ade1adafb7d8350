import type { Finding } from '@berth/api';
import type { ServiceSearch } from '../search.js';

/** Where the button of a finding leads. */
export type ActionTarget =
  | { readonly tab: 'settings' | 'releases' | 'logs' | 'events'; readonly search: ServiceSearch }
  | { readonly cluster: string };

/** Straight to the place where it is done, filled in. */
export function targetOf({ code, params }: Finding['actions'][number]): ActionTarget {
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
  const number = (name: string) => (typeof params[name] === 'number' ? params[name] : undefined);
  switch (code) {
    case 'edit_settings':
      return { tab: 'settings', search: { edit: text('field') ?? 'image' } };
    case 'add_variable':
      return { tab: 'settings', search: { edit: 'variable', name: text('name') } };
    case 'raise_memory':
      return { tab: 'settings', search: { edit: 'memory', value: String(number('memoryMiB') ?? '') } };
    case 'edit_probe':
      return { tab: 'settings', search: { edit: text('probe') ?? 'readiness' } };
    case 'rollback':
      return { tab: 'releases', search: { back: number('release') } };
    case 'open_log':
      return {
        tab: 'logs',
        search: {
          cluster: text('cluster'),
          container: text('container'),
          ...(params.previous === true && { previous: true }),
        },
      };
    case 'open_events':
      return { tab: 'events', search: {} };
    case 'open_cluster':
      return { cluster: text('cluster') ?? '' };
  }
}
