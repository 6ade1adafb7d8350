import { PlusOutlined } from '@ant-design/icons';
import { routes, type Session } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { ownTokensQuery, sessionsQuery } from '../../api/admin-queries.js';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { Tokens } from './MembersTokens.js';
import { TokenDialog } from './TokenDialog.js';
import './admin.css';

/** Where I am logged in, and the tokens of my scripts. */
export function AccountPage() {
  const t = useT();
  const client = useQueryClient();
  const query = useQuery(sessionsQuery);
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useTitle(t('menu.account'));
  const end = async (id: string) => {
    setError(null);
    await call(routes.endSession, { params: { id } }).catch((thrown: unknown) => setError(thrown));
    await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  return (
    <>
      <header className="page-head">
        <h1>{t('menu.account')}</h1>
      </header>
      {error !== null && <ErrorNote error={error} />}
      <h2>{t('account.sessions')}</h2>
      <Loaded query={query} rows={3}>
        {({ items }) => (
          <div className="panel scroll-x">
            <table className="plain flush">
              <thead>
                <tr>
                  <th scope="col">{t('account.browser')}</th>
                  <th scope="col">{t('audit.address')}</th>
                  <th scope="col">{t('account.since')}</th>
                  <th scope="col">{t('account.seen')}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {items.map((session) => (
                  <SessionRow key={session.id} session={session} onEnd={() => void end(session.id)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      <header className="page-head">
        <h2>{t('account.tokens')}</h2>
        <span className="grow" />
        <Button icon={<PlusOutlined />} onClick={() => setAdding(true)} data-testid="add-own-token">
          {t('token.addOwn')}
        </Button>
      </header>
      <Tokens own />
      {adding && (
        <TokenDialog
          own
          onClose={() => {
            setAdding(false);
            void client.invalidateQueries({ queryKey: ownTokensQuery.queryKey });
          }}
        />
      )}
    </>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const t = useT();
  return (
    <tr>
      <td title={session.userAgent ?? undefined}>
        {session.userAgent ? browserName(session.userAgent) : t('account.noBrowser')}{' '}
        {session.current && <Mark tone="ok">{t('account.here')}</Mark>}
      </td>
      <td className="mono">{session.address}</td>
      <td>
        <Ago at={session.createdAt} />
      </td>
      <td>
        <Ago at={session.seenAt} />
      </td>
      <td>
        {!session.current && (
          <Button size="small" onClick={onEnd}>
            {t('account.endSession')}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Browser and system of a user agent, as people call them; the text itself when neither is known. */
function browserName(userAgent: string): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(userAgent);
  const system = /(Windows|Android|iPhone|Mac OS X|Linux)/.exec(userAgent)?.[1];
  if (!browser) return userAgent.slice(0, 60);
  const name = browser[1] === 'Edg' ? 'Edge' : browser[1];
  return [`${name} ${browser[2]}`, system === 'Mac OS X' ? 'macOS' : system].filter(Boolean).join(' · ');
}
