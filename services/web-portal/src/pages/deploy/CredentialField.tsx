import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { registryCredentialsQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { errorText, type SpecFieldProps } from './fields.js';

type Props = SpecFieldProps & { readonly place: Pick<ServicePlace, 'project' | 'environment'> | null };

/** Which of the credentials of the project's environment the clusters pull the image with. */
export function CredentialField({ spec, change, errors, place }: Props) {
  const t = useT();
  const { data } = useQuery({
    ...registryCredentialsQuery(place ?? { project: '', environment: 'test' }),
    enabled: place !== null,
  });
  const known = data?.items ?? [];
  const isUnknown =
    spec.registryCredential !== '' && data !== undefined && !known.some((row) => row.name === spec.registryCredential);
  return (
    <Field
      label={t('deploy.registryCredential')}
      error={isUnknown ? t('credentials.unknown') : errorText(t, errors, 'spec.registryCredential')}
      hint={
        place && (
          <>
            {t('deploy.registryCredentialHint')}{' '}
            <Link
              to="/p/$project/$env/registry-credentials"
              params={{ project: place.project, env: place.environment }}
            >
              {t('credentials.manage')}
            </Link>
          </>
        )
      }
    >
      {(ids) => (
        <div data-edit="registryCredential">
          <Select
            {...ids}
            allowClear
            style={{ width: '100%' }}
            data-testid="deploy-credential"
            placeholder={t('credentials.none')}
            value={spec.registryCredential || null}
            options={known.map((row) => ({
              value: row.name,
              label: `${row.name} · ${row.registry} · ${row.userName}`,
            }))}
            onChange={(name: string | undefined) => change({ registryCredential: name ?? '' })}
          />
        </div>
      )}
    </Field>
  );
}
