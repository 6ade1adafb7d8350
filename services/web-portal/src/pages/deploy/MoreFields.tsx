import { Input, InputNumber } from 'antd';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { ProbeField, errorText, type SpecFieldProps } from './fields.js';
import { HostsField } from './HostsField.js';
import { VariablesField } from './VariablesField.js';

/** What most services leave as it is; folded until it is wanted or wrong. */
export function MoreFields(props: SpecFieldProps) {
  const { spec, change, errors } = props;
  const t = useT();
  const seconds = (
    name: 'startupAllowanceSeconds' | 'gracefulStopSeconds' | 'rolloutDeadlineSeconds',
    min: number,
    max: number,
  ) => (
    <Field label={t(`deploy.${name}`)} error={errorText(t, errors, `spec.${name}`)} hint={t(`deploy.${name}Hint`)}>
      {(ids) => (
        <InputNumber
          {...ids}
          data-edit={name}
          suffix="s"
          style={{ width: 120 }}
          min={min}
          max={max}
          value={spec[name]}
          onChange={(value) => change({ [name]: value ?? min })}
        />
      )}
    </Field>
  );
  const command = (name: 'command' | 'args') => (
    <Field label={t(`deploy.${name}`)} hint={t('deploy.onePerLine')} error={errorText(t, errors, `spec.${name}`)}>
      {(ids) => (
        <Input.TextArea
          {...ids}
          data-edit={name}
          className="mono"
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={spec[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <VariablesField {...props} />
      <HostsField {...props} />
      <ProbeField {...props} which="readiness" />
      <ProbeField {...props} which="liveness" />
      <div className="columns3">
        {seconds('startupAllowanceSeconds', 0, 3600)}
        {seconds('gracefulStopSeconds', 0, 600)}
        {seconds('rolloutDeadlineSeconds', 10, 3600)}
      </div>
      <div className="columns2">
        {command('command')}
        {command('args')}
      </div>
      <div className="columns2">
        <Field
          label={t('deploy.runAsUser')}
          hint={t('deploy.runAsUserHint')}
          error={errorText(t, errors, 'spec.runAsUser')}
        >
          {(ids) => (
            <InputNumber
              {...ids}
              data-edit="runAsUser"
              style={{ width: 160 }}
              min={1}
              max={2_147_483_647}
              value={spec.runAsUser}
              onChange={(runAsUser) => change({ runAsUser })}
            />
          )}
        </Field>
        <Field label={t('deploy.rollout')} hint={t('deploy.rolloutHint')}>
          {(ids) => (
            <output {...ids} className="fixed-value num" data-testid="deploy-rollout">
              {t('deploy.rolloutFixed', { surge: 1, unavailable: 0 })}
            </output>
          )}
        </Field>
      </div>
    </>
  );
}
