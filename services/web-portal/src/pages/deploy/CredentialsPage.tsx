import { PlusOutlined } from '@ant-design/icons';
import { routes, type RegistryCredential } from '@berth/api';
import { environmentNames } from '@berth/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { registryCredentialsQuery, type ServicePlace } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { CredentialDialog } from './CredentialDialog.js';
import './deploy.css';

type Place = Pick<ServicePlace, 'project' | 'environment'>;

/** Logins of image registries, for the services of one environment of a project. */
export function CredentialsPage() {
  const t = useT();
  const { project, env } = useParams({ from: '/inside/p/$project/$env/registry-credentials' });
  const environment = environmentNames.find((name) => name === env);
  useTitle(t('credentials.title'));
  if (project === 'all' || !environment) return <Empty title={t('credentials.title')} text={t('credentials.choose')} />;
  return <CredentialList key={`${project}/${env}`} place={{ project, environment }} />;
}

function CredentialList({ place }: { place: Place }) {
  const t = useT();
  const may = useMay();
  const query = useQuery(registryCredentialsQuery(place));
  const [open, setOpen] = useState<RegistryCredential | 'new' | null>(null);
  const [gone, setGone] = useState<RegistryCredential | null>(null);
  const mayWrite = may('secret.write', place);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')} data-testid="add-credential">
      {t('credentials.add')}
    </Button>
  );
  return (
    <>
      <header className="page-head">
        <h1>{t('credentials.title')}</h1>
        <EnvironmentTag environment={place.environment} />
        <span className="sub">{t('credentials.intro')}</span>
        <span className="grow" />
        {add}
      </header>
      <Loaded query={query} rows={4}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t('credentials.empty')} text={t('credentials.emptyText')} action={add} />
          ) : (
            <div className="panel scroll-x">
              <table className="plain flush" data-testid="credentials">
                <thead>
                  <tr>
                    {(['name', 'registry', 'userName', 'version', 'updated', 'usedBy'] as const).map((name) => (
                      <th key={name} scope="col">
                        {t(`credentials.${name}`)}
                      </th>
                    ))}
                    <th scope="col">
                      <span className="visually-hidden">{t('action.more')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {page.items.map((row) => (
                    <Row
                      key={row.name}
                      row={row}
                      place={place}
                      mayWrite={mayWrite}
                      onChange={() => setOpen(row)}
                      onDelete={() => setGone(row)}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {open && (
        <CredentialDialog place={place} credential={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
      {gone && <DeleteDialog place={place} credential={gone} onClose={() => setGone(null)} />}
    </>
  );
}

interface RowProps {
  readonly row: RegistryCredential;
  readonly place: Place;
  readonly mayWrite: boolean;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

function Row({ row, place, mayWrite, onChange, onDelete }: RowProps) {
  const t = useT();
  const inUse = row.usedBy.length > 0;
  return (
    <tr data-testid={`credential-${row.name}`}>
      <td className="mono">{row.name}</td>
      <td className="mono">{row.registry}</td>
      <td className="mono">{row.userName}</td>
      <td className="num">v{row.version}</td>
      <td>
        <Ago at={row.updatedAt} /> · {row.updatedBy}
      </td>
      <td>
        {inUse
          ? row.usedBy.map((code) => (
              <Link
                key={code}
                className="tag mono"
                to="/p/$project/$env/services/$code/$tab"
                params={{ project: place.project, env: place.environment, code, tab: 'overview' }}
                search={{}}
              >
                {code}
              </Link>
            ))
          : '–'}
      </td>
      <td className="nowrap">
        {mayWrite && (
          <>
            <Button size="small" onClick={onChange}>
              {t('credentials.change')}
            </Button>{' '}
            <span title={inUse ? t('credentials.inUse') : undefined}>
              <Button size="small" type="text" danger disabled={inUse} onClick={onDelete}>
                {t('action.delete')}
              </Button>
            </span>
          </>
        )}
      </td>
    </tr>
  );
}

function DeleteDialog({
  place,
  credential,
  onClose,
}: {
  place: Place;
  credential: RegistryCredential;
  onClose: () => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(routes.deleteRegistryCredential, { params: { ...place, name: credential.name } });
      await client.invalidateQueries({ queryKey: registryCredentialsQuery(place).queryKey });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      danger
      title={`${t('action.delete')} ${credential.name}`}
      environment={place.environment}
      okText={t('action.delete')}
      busy={busy}
      testId="dialog-delete-credential"
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <p>{t('credentials.deleteText', { registry: credential.registry })}</p>
    </Dialog>
  );
}
