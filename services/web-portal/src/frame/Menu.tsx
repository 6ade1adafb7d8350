import {
  AuditOutlined,
  AppstoreOutlined,
  ClusterOutlined,
  DashboardOutlined,
  CloudSyncOutlined,
  HistoryOutlined,
  InboxOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useMay, useMayAnywhere } from '../app/session.js';
import { useScope } from '../app/scope.js';
import { useT } from '../i18n/index.js';

/** The left menu: what a role may open, and only what works. */
export function Menu() {
  const t = useT();
  const scope = useScope();
  const mayAnywhere = useMayAnywhere();
  const may = useMay();
  const admin = may('cmdb.read') || may('member.read') || may('audit.read') || may('deadLetter.manage');
  return (
    <nav className="menu" aria-label={t('menu.label')}>
      <ul>
        <li>
          <Link
            to="/p/$project/$env/now"
            params={scope}
            search={{}}
            activeOptions={{ includeSearch: false }}
            title={t('menu.now')}
          >
            <DashboardOutlined />
            <span>{t('menu.now')}</span>
          </Link>
        </li>
        <li>
          <Link
            to="/p/$project/$env/services"
            params={scope}
            search={{}}
            activeOptions={{ includeSearch: false }}
            title={t('menu.services')}
          >
            <AppstoreOutlined />
            <span>{t('menu.services')}</span>
          </Link>
        </li>
        <li>
          <Link
            to="/p/$project/$env/operations"
            params={scope}
            search={{}}
            activeOptions={{ includeSearch: false }}
            title={t('menu.operations')}
          >
            <HistoryOutlined />
            <span>{t('menu.operations')}</span>
          </Link>
        </li>
        {mayAnywhere('member.read') && (
          <li>
            <Link to="/p/$project/$env/members" params={scope} title={t('members.projectTitle')}>
              <TeamOutlined />
              <span>{t('members.projectTitle')}</span>
            </Link>
          </li>
        )}
        {mayAnywhere('audit.read') && !may('audit.read') && (
          <li>
            <Link to="/p/$project/$env/audit" params={scope} search={{}} title={t('audit.projectTitle')}>
              <AuditOutlined />
              <span>{t('audit.projectTitle')}</span>
            </Link>
          </li>
        )}
        {mayAnywhere('cluster.read') && (
          <li>
            <Link to="/clusters" title={t('menu.clusters')}>
              <ClusterOutlined />
              <span>{t('menu.clusters')}</span>
            </Link>
          </li>
        )}
      </ul>
      {admin && (
        <>
          <h2>{t('menu.platform')}</h2>
          <ul>
            {may('cmdb.read') && (
              <li>
                <Link to="/admin/cmdb" title={t('menu.cmdb')}>
                  <CloudSyncOutlined />
                  <span>{t('menu.cmdb')}</span>
                </Link>
              </li>
            )}
            {may('member.read') && (
              <li>
                <Link to="/admin/members" title={t('menu.members')}>
                  <TeamOutlined />
                  <span>{t('menu.members')}</span>
                </Link>
              </li>
            )}
            {may('audit.read') && (
              <li>
                <Link to="/admin/audit" search={{}} title={t('menu.audit')}>
                  <AuditOutlined />
                  <span>{t('menu.audit')}</span>
                </Link>
              </li>
            )}
            {may('deadLetter.manage') && (
              <li>
                <Link to="/admin/dead-letters" search={{}} title={t('menu.deadLetters')}>
                  <InboxOutlined />
                  <span>{t('menu.deadLetters')}</span>
                </Link>
              </li>
            )}
          </ul>
        </>
      )}
    </nav>
  );
}
