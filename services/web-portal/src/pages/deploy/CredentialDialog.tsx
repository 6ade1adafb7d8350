import { RegistryCredentialBody, RegistryCredentialName, routes, type RegistryCredential } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { registryCredentialsQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

interface Props {
  readonly place: Pick<ServicePlace, 'project' | 'environment'>;
  /** The one to change; null for a new one. */
  readonly credential: RegistryCredential | null;
  readonly onClose: () => void;
}

/** A login of a registry, new or in place of the one of this name. The password is sealed and never shown again. */
export function CredentialDialog({ place, credential, onClose }: Props) {
  const t = useT();
  const client = useQueryClient();
  const [name, setName] = useState(credential?.name ?? '');
  const [registry, setRegistry] = useState(credential?.registry ?? '');
  const [userName, setUserName] = useState(credential?.userName ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isName = RegistryCredentialName.safeParse(name).success;
  const isRegistry = RegistryCredentialBody.shape.registry.safeParse(registry).success;
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(routes.putRegistryCredential, { params: { ...place, name }, body: { registry, userName, password } });
      await client.invalidateQueries({ queryKey: registryCredentialsQuery(place).queryKey });
      // What an image means may be another answer with it.
      void client.invalidateQueries({ queryKey: ['image'] });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={credential ? t('credentials.changeOf', { name: credential.name }) : t('credentials.add')}
      environment={place.environment}
      okText={t('common.save')}
      blocked={!isName || !isRegistry || userName === '' || password === ''}
      busy={busy}
      testId="dialog-credential"
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <Field
        label={t('credentials.name')}
        required
        hint={t('credentials.nameHint')}
        error={name && !isName ? t('credentials.nameHint') : null}
      >
        {(ids) => (
          <Input
            {...ids}
            className="mono"
            disabled={credential !== null}
            value={name}
            data-testid="credential-name"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t('credentials.registry')}
        required
        hint={t('credentials.registryHint')}
        error={registry && !isRegistry ? t('credentials.registryHint') : null}
      >
        {(ids) => (
          <Input
            {...ids}
            className="mono"
            placeholder="harbor.example.com"
            value={registry}
            data-testid="credential-registry"
            onChange={(event) => setRegistry(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label={t('credentials.userName')} required>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            value={userName}
            data-testid="credential-user"
            onChange={(event) => setUserName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('session.password')} required hint={t('credentials.passwordHint')}>
        {(ids) => (
          <Input.Password
            {...ids}
            autoComplete="new-password"
            value={password}
            data-testid="credential-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
