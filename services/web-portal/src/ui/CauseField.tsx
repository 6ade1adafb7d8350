import { Input } from 'antd';
import { useT } from '../i18n/index.js';
import { Field } from './Field.js';

interface Props {
  readonly value: string;
  readonly onChange: (cause: string) => void;
  /** `production`: because of where it is done, which is then said. */
  readonly required?: boolean | 'production';
  readonly autoFocus?: boolean;
}

/** Why somebody does what a dialog does. */
export function CauseField({ value, onChange, required = false, autoFocus = false }: Props) {
  const t = useT();
  return (
    <Field
      label={t('deploy.cause')}
      required={required !== false}
      hint={required === 'production' ? t('deploy.causeHint') : null}
    >
      {(ids) => (
        <Input
          {...ids}
          autoFocus={autoFocus}
          value={value}
          maxLength={500}
          data-testid="dialog-cause"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
