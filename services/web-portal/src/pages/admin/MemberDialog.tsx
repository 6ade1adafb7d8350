import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { roleNames, routes, type RoleName, type User } from '@berth/api';
import { environmentNames } from '@berth/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { projectsQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Copy } from '../../ui/Copy.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { temporaryPassword } from './temporary-password.js';
import '../deploy/deploy.css';

interface BindingDraft {
  readonly role: RoleName;
  readonly scope: string;
}

/** A new user with a first password, or the roles of one who is there. */
export function MemberDialog({ user, onClose }: { user: User | null; onClose(): void }) {
  const t = useT();
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [name, setName] = useState('');
  const [password] = useState(temporaryPassword);
  const [bindings, setBindings] = useState<readonly BindingDraft[]>(user?.bindings ?? []);
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const list = bindings.map(({ role, scope }) => ({ role, scope }));
      const because = cause.trim() === '' ? {} : { cause: cause.trim() };
      if (user) await call(routes.setBindings, { params: { id: user.id }, body: { bindings: list, ...because } });
      else
        await call(routes.createUser, { body: { username, name: name.trim() || username, password, bindings: list } });
      await client.invalidateQueries({ queryKey: ['users'] });
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      width={620}
      title={user ? t('members.rolesOf', { name: user.name }) : t('members.add')}
      okText={t('common.save')}
      blocked={(!user && username === '') || bindings.some((row) => row.scope === '')}
      busy={busy}
      testId="dialog-member"
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      {!user && (
        <>
          <Field label={t('session.username')} required hint={t('members.usernameHint')}>
            {(ids) => (
              <Input
                {...ids}
                className="mono"
                value={username}
                onChange={(event) => setUsername(event.target.value.trim())}
              />
            )}
          </Field>
          <Field label={t('members.name')}>
            {(ids) => <Input {...ids} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t('members.password')} hint={t('members.passwordHint')}>
            {(ids) => (
              <span id={ids.id}>
                <Copy text={password} mono />
              </span>
            )}
          </Field>
        </>
      )}
      <Field label={t('members.roles')}>
        {(ids) => (
          <div className="lines" id={ids.id}>
            {bindings.map((row, index) => (
              <div className="row" key={index}>
                <Select
                  aria-label={t('members.role')}
                  style={{ width: 150 }}
                  value={row.role}
                  options={roleNames.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                  onChange={(role: RoleName) =>
                    setBindings(bindings.map((other, at) => (at === index ? { ...other, role } : other)))
                  }
                />
                <ScopeSelect
                  value={row.scope}
                  onChange={(scope) =>
                    setBindings(bindings.map((other, at) => (at === index ? { ...other, scope } : other)))
                  }
                />
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('common.remove')}
                  onClick={() => setBindings(bindings.filter((_, at) => at !== index))}
                />
              </div>
            ))}
            <Button
              size="small"
              type="text"
              icon={<PlusOutlined />}
              onClick={() => setBindings([...bindings, { role: 'developer', scope: '' }])}
            >
              {t('members.addRole')}
            </Button>
          </div>
        )}
      </Field>
      {user && <CauseField value={cause} onChange={setCause} />}
    </Dialog>
  );
}

function ScopeSelect({ value, onChange }: { value: string; onChange: (scope: string) => void }) {
  const t = useT();
  const { data: projects } = useQuery(projectsQuery);
  const lines = new Map(projects?.items.map((row) => [row.businessLine.code, row.businessLine.name]));
  return (
    <Select
      aria-label={t('members.scope')}
      style={{ width: 330 }}
      showSearch={{ optionFilterProp: 'label' }}
      value={value || null}
      placeholder={t('members.scope')}
      onChange={(scope) => onChange(scope ?? '')}
      options={[
        { value: 'platform', label: t('members.platform') },
        ...[...lines].map(([code, name]) => ({ value: `tenant:${code}`, label: `${t('members.line')} ${name}` })),
        ...(projects?.items.flatMap((row) => [
          { value: `project:${row.slug}`, label: `${row.name} · ${row.slug}` },
          ...environmentNames.map((environment) => ({
            value: `environment:${row.slug}/${environment}`,
            label: `${row.name} / ${t(`environment.${environment}`)}`,
          })),
        ]) ?? []),
      ]}
    />
  );
}
