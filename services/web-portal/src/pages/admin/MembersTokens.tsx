import { routes, type Token } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { ownTokensQuery, tokensQuery } from '../../api/admin-queries.js';
import { call } from '../../api/client.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago, Clock } from '../../ui/Time.js';

const mayOf = { own: 'token.mayOwn', 'cmdb.push': 'token.mayCmdb', 'cmdb.pull': 'token.mayPull' } as const;

/** Tokens with who made them, what they may, their last use and their end; all of the platform, or the own ones. */
export function Tokens({ own }: { own: boolean }) {
  const t = useT();
  const may = useMay();
  const query = useQuery(own ? ownTokensQuery : tokensQuery);
  const [revoked, setRevoked] = useState<Token | null>(null);
  const revokes = own || may('member.manage');
  return (
    <>
      <Loaded query={query} rows={4}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t('token.none')} text={t('token.ownHint')} />
          ) : (
            <div className="panel scroll-x">
              <table className="plain flush">
                <thead>
                  <tr>
                    <th scope="col">{t('token.name')}</th>
                    {!own && <th scope="col">{t('token.by')}</th>}
                    <th scope="col">{t('token.may')}</th>
                    <th scope="col">{t('token.lastUse')}</th>
                    <th scope="col">{t('token.ends')}</th>
                    <th scope="col">{t('services.state')}</th>
                    <th />
                  </tr>
                </thead>
                <tbody>
                  {page.items.map((token) => (
                    <tr key={token.id} data-testid={`token-${token.name}`}>
                      <td>
                        <b>{token.name}</b>
                      </td>
                      {!own && <td className="mono">{token.createdBy}</td>}
                      <td>{t(mayOf[token.permission ?? 'own'])}</td>
                      <td>
                        {token.lastUsedAt ? (
                          <Ago at={token.lastUsedAt} />
                        ) : (
                          <span className="faint">{t('token.never')}</span>
                        )}
                      </td>
                      <td>
                        <Clock at={token.expiresAt} />
                      </td>
                      <td>
                        <Mark tone={token.usable ? 'ok' : 'off'}>
                          {t(token.usable ? 'token.usable' : 'token.ended')}
                        </Mark>
                      </td>
                      <td>
                        {revokes && token.usable && (
                          <Button size="small" danger onClick={() => setRevoked(token)}>
                            {t('token.revoke')}
                          </Button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {revoked && <RevokeDialog token={revoked} own={own} onClose={() => setRevoked(null)} />}
    </>
  );
}

function RevokeDialog({ token, own, onClose }: { token: Token; own: boolean; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const revoke = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(own ? routes.revokeOwnToken : routes.revokeToken, { params: { id: token.id } });
      await client.invalidateQueries({ queryKey: ['tokens'] });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('token.revokeTitle', { name: token.name })}
      okText={t('token.revoke')}
      danger
      busy={busy}
      testId="dialog-revoke"
      onOk={() => void revoke()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <p>{t('token.revokeText')}</p>
    </Dialog>
  );
}
