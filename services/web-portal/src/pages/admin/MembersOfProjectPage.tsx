import { PlusOutlined } from '@ant-design/icons';
import type { Member } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { membersQuery } from '../../api/admin-queries.js';
import { useScope } from '../../app/scope.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { MembersProjectDialog } from './MembersProjectDialog.js';
import { ScopeName } from './ScopeName.js';
import './admin.css';

/** Who may do what in a project, for those who look after it. */
export function MembersOfProjectPage() {
  const t = useT();
  const { project } = useScope();
  const may = useMay();
  const isOne = project !== 'all';
  const query = useQuery(membersQuery(isOne ? project : ''));
  const [open, setOpen] = useState<Member | 'new' | null>(null);
  const manages = isOne && may('member.manage', { project });
  useTitle(t('members.projectTitle'));
  return (
    <>
      <header className="page-head">
        <h1>{t('members.projectTitle')}</h1>
        <span className="grow" />
        {manages && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')} data-testid="add-member">
            {t('members.projectAdd')}
          </Button>
        )}
      </header>
      {isOne ? (
        <Loaded query={query} rows={6}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty title={t('members.projectNone')} />
            ) : (
              <MemberTable members={page.items} manages={manages} onOpen={setOpen} />
            )
          }
        </Loaded>
      ) : (
        <Empty title={t('members.projectTitle')} text={t('members.pickProject')} />
      )}
      {open && (
        <MembersProjectDialog project={project} member={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function MemberTable({
  members,
  manages,
  onOpen,
}: {
  members: readonly Member[];
  manages: boolean;
  onOpen: (member: Member) => void;
}) {
  const t = useT();
  return (
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
          {members.map((member) => (
            <tr key={member.username} data-testid={`member-${member.username}`}>
              <td>
                <b>{member.name}</b> <span className="faint mono">{member.username}</span>
              </td>
              <td>
                <span className="chips">
                  {member.bindings.map((binding) => (
                    <span
                      key={`${binding.role}${binding.scope}`}
                      className="tag"
                      title={binding.givenBy ? t('members.givenBy', { by: binding.givenBy }) : undefined}
                    >
                      {t(`role.${binding.role}`)} · <ScopeName scope={binding.scope} />
                      {binding.inherited && <span className="faint"> {t('members.inherited')}</span>}
                    </span>
                  ))}
                </span>
              </td>
              <td>
                <Mark tone={member.active ? 'ok' : 'off'}>
                  {t(member.active ? 'members.active' : 'members.inactive')}
                </Mark>
              </td>
              <td>
                {member.lastLoginAt ? (
                  <Ago at={member.lastLoginAt} />
                ) : (
                  <span className="faint">{t('members.never')}</span>
                )}
              </td>
              <td>
                {manages && (
                  <Button size="small" onClick={() => onOpen(member)}>
                    {t('members.changeRoles')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
