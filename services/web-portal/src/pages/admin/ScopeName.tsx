import { useQuery } from '@tanstack/react-query';
import { projectsQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';

/** Where a role counts, in words. */
export function ScopeName({ scope }: { scope: string }) {
  const t = useT();
  const { data: projects } = useQuery(projectsQuery);
  const [kind = '', rest = ''] = scope.split(':');
  const [project = '', environment = ''] = rest.split('/');
  if (kind === 'platform') return <>{t('members.platform')}</>;
  if (kind === 'tenant') {
    const line = projects?.items.find((row) => row.businessLine.code === rest)?.businessLine.name;
    return <>{line ?? rest}</>;
  }
  const name = projects?.items.find((row) => row.slug === project)?.name ?? project;
  return <>{environment ? `${name} / ${t.say(`environment.${environment}`, undefined, environment)}` : name}</>;
}
