import {
  BulbOutlined,
  GlobalOutlined,
  IdcardOutlined,
  LockOutlined,
  LogoutOutlined,
  MenuFoldOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { routes } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { call, setCsrfToken } from '../api/client.js';
import { sessionQuery } from '../api/queries.js';
import { setPreferences, usePreferences } from '../app/preferences.js';
import { useScope } from '../app/scope.js';
import { useT } from '../i18n/index.js';
import { FeedDot } from './FeedDot.js';
import { Pick } from './Pick.js';
import { ScopeSwitch } from './ScopeSwitch.js';

interface Props {
  onPalette(): void;
  onHelp(): void;
}

export function TopBar({ onPalette, onHelp }: Props) {
  const t = useT();
  const scope = useScope();
  const { language, theme, menuFolded } = usePreferences();
  return (
    <header className={scope.env === 'prod' ? 'topbar in-prod' : 'topbar'}>
      <button
        type="button"
        className="bar-button fold"
        aria-label={t('frame.fold')}
        aria-pressed={menuFolded}
        onClick={() => setPreferences({ menuFolded: !menuFolded })}
      >
        <MenuFoldOutlined />
      </button>
      <Link to="/" className="brand" aria-label="Berth">
        <img src="/berth.svg" alt="" width={22} height={22} />
        <b>Berth</b>
      </Link>
      <ScopeSwitch />
      <button type="button" className="search-button" onClick={onPalette} data-testid="palette-open">
        <SearchOutlined />
        <span>{t('frame.palette')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <span className="grow" />
      <FeedDot />
      <Pick
        label={t('frame.language')}
        icon={<GlobalOutlined />}
        testId="language-switch"
        value={language}
        options={[
          { value: 'zh-CN', label: '简体中文' },
          { value: 'en', label: 'English' },
        ]}
        onPick={(value) => setPreferences({ language: value === 'en' ? 'en' : 'zh-CN' })}
      />
      <Pick
        label={t('frame.theme')}
        icon={<BulbOutlined />}
        testId="theme-switch"
        value={theme}
        options={(['light', 'dark', 'system'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        onPick={(value) => setPreferences({ theme: value as typeof theme })}
      />
      <button type="button" className="bar-button" aria-label={t('frame.help')} onClick={onHelp}>
        <QuestionCircleOutlined />
      </button>
      <UserMenu />
    </header>
  );
}

function UserMenu() {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(sessionQuery);
  const leave = async () => {
    await call(routes.logout).catch(() => undefined);
    setCsrfToken(null);
    client.clear();
    await navigate({ to: '/login', search: {} });
  };
  return (
    <Pick
      label={me?.name ?? ''}
      icon={<UserOutlined />}
      showLabel
      testId="user-menu"
      options={[
        { value: 'account', label: t('menu.account'), icon: <IdcardOutlined /> },
        { value: 'password', label: t('session.changePassword'), icon: <LockOutlined /> },
        { value: 'logout', label: t('session.logout'), icon: <LogoutOutlined /> },
      ]}
      onPick={(value) =>
        void (value === 'logout' ? leave() : navigate({ to: value === 'account' ? '/account' : '/password' }))
      }
    />
  );
}
