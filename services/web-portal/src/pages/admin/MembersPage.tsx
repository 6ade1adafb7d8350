import { MoreOutlined, PlusOutlined } from '@ant-design/icons';
import { type User } from '@berth/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Dropdown, Input, Segmented } from 'antd';
import { useDeferredValue, useState } from 'react';
import { usersQuery } from '../../api/admin-queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { MemberDialog } from './MemberDialog.js';
import { Tokens } from './MembersTokens.js';
import { UserActionDialog, type UserAction } from './MembersUserDialog.js';
import { ScopeName } from './ScopeName.js';
import './admin.css';

/** Users and what they may do where. */
export function MembersPage() {
  const t = useT();
  const may = useMay();
  const [open, setOpen] = useState<User | 'new' | null>(null);
  const [acting, setActing] = useState<{ user: User; action: UserAction } | null>(null);
  const [tab, setTab] = useState<'users' | 'tokens'>('users');
  const [text, setText] = useState('');
  const query = useInfiniteQuery(usersQuery(useDeferredValue(text.trim())));
  const manages = may('member.manage');
  useTitle(t('menu.members'));
  return (
    <>
      <header className="page-head">
        <h1>{t('menu.members')}</h1>
        <Segmented
          aria-label={t('menu.members')}
          value={tab}
          options={[
            { value: 'users' as const, label: t('members.tabUsers') },
            { value: 'tokens' as const, label: t('members.tabTokens') },
          ]}
          onChange={setTab}
        />
        {tab === 'users' && (
          <Input
            data-search
            allowClear
            style={{ width: 220 }}
            placeholder={t('members.search')}
            aria-label={t('members.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        <span className="grow" />
        {manages && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')} data-testid="add-user">
            {t('members.add')}
          </Button>
        )}
      </header>
      {tab === 'tokens' && <Tokens own={false} />}
      {tab === 'users' && (
        <Loaded query={query} rows={6}>
          {({ pages }) =>
            (pages[0]?.items.length ?? 0) === 0 ? (
              <Empty title={t(text.trim() === '' ? 'members.none' : 'members.noneFound')} />
            ) : (
              <div className="panel scroll-x">
                <table className="plain flush">
                  <thead>
                    <tr>
                      <th scope="col">{t('members.user')}</th>
                      <th scope="col">{t('members.roles')}</th>
                      <th scope="col">{t('services.state')}</th>
                      <th scope="col">{t('members.lastLogin')}</th>
                      <th />
                    </tr>
                  </thead>
                  <tbody>
                    {pages
                      .flatMap(({ items }) => items)
                      .map((user) => (
                        <tr key={user.id} data-testid={`user-${user.username}`}>
                          <td>
                            <b>{user.name}</b> <span className="faint mono">{user.username}</span>
                          </td>
                          <td>
                            <span className="chips">
                              {user.bindings.map((binding) => (
                                <span
                                  key={`${binding.role}${binding.scope}`}
                                  className="tag"
                                  title={binding.givenBy ? t('members.givenBy', { by: binding.givenBy }) : undefined}
                                >
                                  {t(`role.${binding.role}`)} · <ScopeName scope={binding.scope} />
                                </span>
                              ))}
                            </span>
                          </td>
                          <td>
                            <Mark tone={!user.active ? 'off' : user.mustChangePassword ? 'warn' : 'ok'}>
                              {t(
                                !user.active
                                  ? 'members.inactive'
                                  : user.mustChangePassword
                                    ? 'members.firstPassword'
                                    : 'members.active',
                              )}
                            </Mark>
                          </td>
                          <td>
                            {user.lastLoginAt ? (
                              <Ago at={user.lastLoginAt} />
                            ) : (
                              <span className="faint">{t('members.never')}</span>
                            )}
                          </td>
                          <td>
                            {manages && (
                              <Button size="small" onClick={() => setOpen(user)} data-testid={`roles-${user.username}`}>
                                {t('members.changeRoles')}
                              </Button>
                            )}
                            {manages && (
                              <Dropdown
                                trigger={['click']}
                                menu={{
                                  items: (['reset', user.active ? 'deactivate' : 'activate'] as const).map(
                                    (action) => ({
                                      key: action,
                                      label: t(`members.${action}`),
                                      onClick: () => setActing({ user, action }),
                                    }),
                                  ),
                                }}
                              >
                                <Button
                                  size="small"
                                  type="text"
                                  icon={<MoreOutlined />}
                                  aria-label={t('members.more')}
                                  data-testid={`more-${user.username}`}
                                />
                              </Dropdown>
                            )}
                          </td>
                        </tr>
                      ))}
                  </tbody>
                </table>
                {query.hasNextPage && (
                  <p className="row">
                    <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      {t('members.showMore')}
                    </Button>
                  </p>
                )}
              </div>
            )
          }
        </Loaded>
      )}
      {open && <MemberDialog user={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
      {acting && <UserActionDialog {...acting} onClose={() => setActing(null)} />}
    </>
  );
}
