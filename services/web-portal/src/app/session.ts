import { allows, type Permission, type RoleBinding } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { projectsQuery, sessionQuery } from '../api/queries.js';

/** Whether the one who is logged in may do something in a project's environment (or on the platform, without a project). */
export type May = (permission: Permission, place?: { project?: string; environment?: string }) => boolean;

/** Only for what is shown: the gateway and the owner decide again. */
export function useMay(): May {
  const { data: me } = useQuery(sessionQuery);
  const { data: projects } = useQuery({ ...projectsQuery, enabled: me !== undefined });
  return useCallback(
    (permission, place = {}) => {
      if (!me) return false;
      if (!place.project) return me.platformPermissions.includes(permission);
      const tenant = projects?.items.find((project) => project.slug === place.project)?.businessLine.code;
      const environment = environmentNames.find((name) => name === place.environment) as EnvironmentName | undefined;
      return allows(me.bindings as RoleBinding[], permission, {
        project: place.project,
        ...(tenant && { tenant }),
        ...(environment && { environment }),
      });
    },
    [me, projects],
  );
}

/** True when some role gives the permission somewhere: enough to show a menu entry. */
export function useMayAnywhere(): (permission: Permission) => boolean {
  const { data: me } = useQuery(sessionQuery);
  return useCallback(
    (permission) =>
      me !== undefined &&
      (me.platformPermissions.includes(permission) ||
        me.bindings.some((binding) => {
          const [kind = '', rest = ''] = binding.scope.split(':');
          const asked =
            kind === 'tenant'
              ? { tenant: rest }
              : kind === 'project'
                ? { project: rest }
                : { project: rest.split('/')[0] };
          return allows([binding as RoleBinding], permission, asked as { project: string });
        })),
    [me],
  );
}
