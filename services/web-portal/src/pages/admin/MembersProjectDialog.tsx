import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { projectRoleNames, routes, type Member } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { candidatesQuery } from '../../api/admin-queries.js';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import '../deploy/deploy.css';

type Role = (typeof projectRoleNames)[number];
interface Draft {
  readonly role: Role;
  readonly environment: EnvironmentName | null;
}

function draftsOf(member: Member | null): Draft[] {
  if (!member) return [{ role: 'developer', environment: null }];
  return member.bindings.flatMap(({ role, scope, inherited }): Draft[] => {
    const known = projectRoleNames.find((name) => name === role);
    const environment = environmentNames.find((name) => scope.endsWith(`/${name}`)) ?? null;
    return known && !inherited ? [{ role: known, environment }] : [];
  });
}

/** Roles of one member within a project. Without any, the member is removed. */
export function MembersProjectDialog({
  project,
  member,
  onClose,
}: {
  project: string;
  member: Member | null;
  onClose: () => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const [username, setUsername] = useState(member?.username ?? '');
  const [text, setText] = useState('');
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => draftsOf(member));
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { data: found } = useQuery(candidatesQuery(project, text));
  const change = (index: number, part: Partial<Draft>) =>
    setDrafts(drafts.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const because = cause.trim() === '' ? {} : { cause: cause.trim() };
      const body = { bindings: drafts.map((draft) => ({ ...draft })), ...because };
      await call(routes.setMember, { params: { project, username }, body });
      await client.invalidateQueries({ queryKey: ['members', project] });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      width={560}
      title={member ? t('members.rolesOf', { name: member.name }) : t('members.projectAdd')}
      okText={t(member && drafts.length === 0 ? 'members.remove' : 'common.save')}
      danger={member !== null && drafts.length === 0}
      blocked={username === '' || (!member && drafts.length === 0)}
      busy={busy}
      testId="dialog-project-member"
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      {!member && (
        <Field label={t('members.pickUser')} required>
          {(ids) => (
            <Select
              id={ids.id}
              style={{ width: '100%' }}
              showSearch={{ filterOption: false, onSearch: setText }}
              value={username || null}
              placeholder={t('members.search')}
              options={(found?.items ?? []).map((row) => ({
                value: row.username,
                label: `${row.name} · ${row.username}`,
              }))}
              onChange={(value) => setUsername(value ?? '')}
            />
          )}
        </Field>
      )}
      <Field label={t('members.roles')}>
        {(ids) => (
          <div className="lines" id={ids.id}>
            {drafts.map((draft, index) => (
              <div className="row" key={index}>
                <Select
                  aria-label={t('members.role')}
                  style={{ width: 150 }}
                  value={draft.role}
                  options={projectRoleNames.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                  onChange={(role: Role) => change(index, { role })}
                />
                <Select
                  aria-label={t('members.scope')}
                  style={{ width: 200 }}
                  value={draft.environment ?? 'all'}
                  options={[
                    { value: 'all' as const, label: t('members.allEnvironments') },
                    ...environmentNames.map((name) => ({ value: name, label: t(`environment.${name}`) })),
                  ]}
                  onChange={(value) =>
                    change(index, { environment: environmentNames.find((name) => name === value) ?? null })
                  }
                />
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('common.remove')}
                  onClick={() => setDrafts(drafts.filter((_, at) => at !== index))}
                />
              </div>
            ))}
            <Button
              size="small"
              type="text"
              icon={<PlusOutlined />}
              onClick={() => setDrafts([...drafts, { role: 'developer', environment: null }])}
            >
              {t('members.addRole')}
            </Button>
          </div>
        )}
      </Field>
      <CauseField value={cause} onChange={setCause} />
    </Dialog>
  );
}
