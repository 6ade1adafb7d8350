import type { AuditFilter } from '@berth/api';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useScope } from '../../app/scope.js';
import { useT } from '../../i18n/index.js';
import { Empty } from '../../ui/Loaded.js';
import { useTitle } from '../../ui/useTitle.js';
import { AuditRows } from './AuditRows.js';
import './admin.css';

/** Who changed what in a project, for its owners and auditors. */
export function AuditOfProjectPage() {
  const t = useT();
  const { project, env } = useScope();
  const filter: AuditFilter = useSearch({ from: '/inside/p/$project/$env/audit' });
  const navigate = useNavigate();
  useTitle(t('audit.projectTitle'));
  return (
    <div className="page-fill">
      <header className="page-head">
        <h1>{t('audit.projectTitle')}</h1>
      </header>
      {project === 'all' ? (
        <Empty title={t('audit.projectTitle')} text={t('audit.pickProject')} />
      ) : (
        <AuditRows
          key={project}
          filter={filter}
          project={project}
          set={(part) =>
            void navigate({
              to: '/p/$project/$env/audit',
              params: { project, env },
              search: { ...filter, ...part },
              replace: true,
            })
          }
        />
      )}
    </div>
  );
}
