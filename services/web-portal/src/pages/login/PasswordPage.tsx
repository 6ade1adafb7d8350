import { routes } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { call, setCsrfToken } from '../../api/client.js';
import { sessionQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import './login.css';

/** The gateway's least length; it decides again. */
const minLength = 10;

/** The first password is changed here before anything else opens; later it is an ordinary page. */
export function PasswordPage() {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(sessionQuery);
  const [error, setError] = useState<unknown>(null);
  const [repeatError, setRepeatError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const newPassword = String(form.get('new'));
    setRepeatError(newPassword === form.get('repeat') ? null : t('session.repeatWrong'));
    if (newPassword !== form.get('repeat')) return;
    setBusy(true);
    setError(null);
    try {
      const body = { oldPassword: String(form.get('old')), newPassword };
      const after = await call(routes.changePassword, { body });
      setCsrfToken(after.csrfToken);
      client.setQueryData(sessionQuery.queryKey, after);
      await navigate({ to: '/' });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="door">
      <form
        onSubmit={(event) => void submit(event)}
        data-testid="password-form"
        aria-label={t('session.changePassword')}
      >
        <h1>{t('session.changePassword')}</h1>
        <p className="faint">{me?.mustChangePassword ? t('session.firstPassword') : t('session.changeText')}</p>
        {error !== null && <ErrorNote error={error} />}
        <input type="text" name="username" autoComplete="username" value={me?.username ?? ''} readOnly hidden />
        <Field label={t('session.oldPassword')}>
          {(ids) => <Input.Password {...ids} name="old" autoComplete="current-password" required autoFocus />}
        </Field>
        <Field label={t('session.newPassword')} hint={t('session.passwordRule', { minLength })}>
          {(ids) => <Input.Password {...ids} name="new" autoComplete="new-password" required minLength={minLength} />}
        </Field>
        <Field label={t('session.repeat')} error={repeatError}>
          {(ids) => <Input.Password {...ids} name="repeat" autoComplete="new-password" required />}
        </Field>
        <Button type="primary" htmlType="submit" size="large" block loading={busy} data-testid="password-submit">
          {t('session.changePassword')}
        </Button>
        {me && !me.mustChangePassword && <Link to="/">{t('common.cancel')}</Link>}
      </form>
    </div>
  );
}
