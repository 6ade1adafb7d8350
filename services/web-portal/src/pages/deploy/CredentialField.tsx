import { Input } from 'antd';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import type { SpecFieldProps } from './fields.js';

/** Which of the project's credentials the clusters pull the image with. */
export function CredentialField({ spec, change }: SpecFieldProps & { readonly project: string }) {
  const t = useT();
  return (
    <Field label={t('deploy.registryCredential')} hint={t('deploy.registryCredentialHint')}>
      {(ids) => (
        <Input
          {...ids}
          data-edit="registryCredential"
          value={spec.registryCredential}
          onChange={(event) => change({ registryCredential: event.target.value.trim() })}
        />
      )}
    </Field>
  );
}
