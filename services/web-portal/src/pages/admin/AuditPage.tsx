import { routes, type AuditFilter } from '@berth/api';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { urlOf } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { useTitle } from '../../ui/useTitle.js';
import { AuditChainState } from './AuditChainState.js';
import { AuditRows } from './AuditRows.js';
import './admin.css';

/** Who changed what, newest first; whether the log is whole; the log as a file. */
export function AuditPage() {
  const t = useT();
  const filter: AuditFilter = useSearch({ from: '/inside/admin/audit' });
  const navigate = useNavigate();
  useTitle(t('menu.audit'));
  return (
    <div className="page-fill">
      <header className="page-head">
        <h1>{t('menu.audit')}</h1>
        <AuditChainState />
        <span className="grow" />
        <ExportMenu filter={filter} />
      </header>
      <AuditRows
        filter={filter}
        project={null}
        set={(part) => void navigate({ to: '/admin/audit', search: { ...filter, ...part }, replace: true })}
      />
    </div>
  );
}

/** The browser downloads it as it is written; the session's cookie goes along. */
function ExportMenu({ filter }: { filter: AuditFilter }) {
  const t = useT();
  const items = (['csv', 'ndjson'] as const).map((format) => ({
    key: format,
    label: (
      <a href={urlOf(routes.exportAudit, { query: { ...filter, format } })} download>
        {format === 'csv' ? 'CSV' : 'NDJSON'}
      </a>
    ),
  }));
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button data-testid="export-audit">{t('audit.export')}</Button>
    </Dropdown>
  );
}
