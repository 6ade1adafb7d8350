import { routes, type User } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Copy } from '../../ui/Copy.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { temporaryPassword } from './temporary-password.js';

export type UserAction = 'deactivate' | 'activate' | 'reset';

/** Shuts a user out, lets one in again, or gives a temporary password; says what ends with it. */
export function UserActionDialog({ user, action, onClose }: { user: User; action: UserAction; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [cause, setCause] = useState('');
  const [password] = useState(temporaryPassword);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setError(null);
    const params = { id: user.id };
    const because = cause.trim() === '' ? {} : { cause: cause.trim() };
    try {
      if (action === 'reset') await call(routes.resetPassword, { params, body: { password, ...because } });
      else await call(action === 'activate' ? routes.activateUser : routes.deactivateUser, { params, body: because });
      await client.invalidateQueries({ queryKey: ['users'] });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t(`members.${action}Title`, { name: user.name })}
      okText={t(`members.${action}`)}
      danger={action !== 'activate'}
      busy={busy}
      testId={`dialog-${action}`}
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <p>
        {action === 'deactivate' ? t('members.deactivateText', { count: user.sessions }) : t(`members.${action}Text`)}
      </p>
      {action === 'reset' && (
        <Field label={t('members.temporary')} hint={t('members.passwordHint')}>
          {(ids) => (
            <span id={ids.id}>
              <Copy text={password} mono />
            </span>
          )}
        </Field>
      )}
      <CauseField value={cause} onChange={setCause} />
    </Dialog>
  );
}
