import { routes } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { call, setCsrfToken } from '../../api/client.js';
import { sessionQuery } from '../../api/queries.js';
import { setPreferences, usePreferences } from '../../app/preferences.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import './login.css';

export function LoginPage() {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/login' });
  const { language } = usePreferences();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const body = { username: String(form.get('username')).trim(), password: String(form.get('password')) };
      const me = await call(routes.login, { body });
      setCsrfToken(me.csrfToken);
      client.clear();
      client.setQueryData(sessionQuery.queryKey, me);
      // Only a path of our own: an address from elsewhere could lead astray.
      const back = next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
      await navigate({ to: me.mustChangePassword ? '/password' : back });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="door">
      <form onSubmit={(event) => void submit(event)} data-testid="login-form" aria-label={t('session.login')}>
        <h1>
          <img src="/berth.svg" alt="" width={28} height={28} /> Berth
        </h1>
        <p className="faint">{t('session.tagline')}</p>
        {error !== null && <ErrorNote error={error} />}
        <Field label={t('session.username')}>
          {(ids) => <Input {...ids} name="username" autoComplete="username" autoFocus required size="large" />}
        </Field>
        <Field label={t('session.password')}>
          {(ids) => <Input.Password {...ids} name="password" autoComplete="current-password" required size="large" />}
        </Field>
        <Button type="primary" htmlType="submit" size="large" block loading={busy} data-testid="login-submit">
          {t('session.login')}
        </Button>
        <button
          type="button"
          className="link"
          onClick={() => setPreferences({ language: language === 'en' ? 'zh-CN' : 'en' })}
        >
          {language === 'en' ? '简体中文' : 'English'}
        </button>
      </form>
    </div>
  );
}
