import { environmentNames } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMatchRoute, useNavigate } from '@tanstack/react-router';
import { projectsQuery } from '../api/queries.js';
import { useScope, type Scope } from '../app/scope.js';
import { useT } from '../i18n/index.js';
import { EnvironmentTag } from '../ui/Mark.js';
import { Pick } from './Pick.js';

/** Project and environment of everything below; pages of a scope stay the page they are, a service goes back to its list. */
export function ScopeSwitch() {
  const t = useT();
  const scope = useScope();
  const navigate = useNavigate();
  const matches = useMatchRoute();
  const { data: projects } = useQuery(projectsQuery);
  const go = (next: Scope) => {
    const here = { params: next, search: {} };
    if (matches({ to: '/p/$project/$env/operations' })) return navigate({ to: '/p/$project/$env/operations', ...here });
    if (matches({ to: '/p/$project/$env/now' })) return navigate({ to: '/p/$project/$env/now', ...here });
    if (matches({ to: '/p/$project/$env/deploy' })) return navigate({ to: '/p/$project/$env/deploy', ...here });
    if (matches({ to: '/p/$project/$env/registry-credentials' }))
      return navigate({ to: '/p/$project/$env/registry-credentials', params: next });
    if (matches({ to: '/p/$project/$env/members' })) return navigate({ to: '/p/$project/$env/members', params: next });
    return navigate({ to: '/p/$project/$env/services', ...here });
  };
  const project = projects?.items.find((row) => row.slug === scope.project);
  const name = scope.project === 'all' ? t('scope.allProjects') : (project?.name ?? scope.project);
  return (
    <div className="scope">
      <Pick
        label={t('scope.project')}
        testId="project-switch"
        value={scope.project}
        search={t('scope.findProject')}
        options={[
          { value: 'all', label: t('scope.allProjects'), text: t('scope.allProjects') },
          ...(projects?.items ?? []).map((row) => ({
            value: row.slug,
            label: row.name,
            hint: row.slug,
            text: `${row.name} ${row.code}`,
          })),
        ]}
        onPick={(value) => void go({ ...scope, project: value })}
      >
        <b>{name}</b>
        <Caret />
      </Pick>
      <span className="slash" aria-hidden="true">
        /
      </span>
      <Pick
        label={t('scope.environment')}
        testId="environment-switch"
        value={scope.env}
        options={[
          { value: 'all', label: t('scope.allEnvironments') },
          ...environmentNames.map((value) => ({ value, label: <EnvironmentTag environment={value} />, hint: value })),
        ]}
        onPick={(value) => void go({ ...scope, env: value })}
      >
        {scope.env === 'all' ? <b>{t('scope.allEnvironments')}</b> : <EnvironmentTag environment={scope.env} />}
        <Caret />
      </Pick>
    </div>
  );
}

function Caret() {
  return (
    <svg className="caret" viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
      <path d="M1.5 3.5 5 7l3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </svg>
  );
}
