import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { looksSecret, parseDotenv } from './dotenv.js';
import type { VariableDraft } from './draft.js';
import { errorText, type SpecFieldProps } from './fields.js';
import { Add, Remove } from './row-buttons.js';

/** Variables by hand or from a pasted `.env`; a secret's value is sealed before the rest is sent. */
export function VariablesField({ spec, change, errors }: SpecFieldProps) {
  const t = useT();
  const [paste, setPaste] = useState<string | null>(null);
  const [badLines, setBadLines] = useState<readonly number[]>([]);
  const set = (index: number, part: Partial<VariableDraft>) =>
    change({ variables: spec.variables.map((row, at) => (at === index ? { ...row, ...part } : row)) });
  const take = () => {
    const parsed = parseDotenv(paste ?? '');
    const names = new Set(parsed.rows.map((row) => row.name));
    change({
      variables: [
        ...spec.variables.filter((row) => !names.has(row.name)),
        ...parsed.rows.map((row) => ({ ...row, secret: looksSecret(row.name), version: null })),
      ],
    });
    setBadLines(parsed.badLines);
    setPaste(null);
  };
  const path = Object.keys(errors).find((name) => name.startsWith('spec.variables'));
  const hint = badLines.length > 0 ? t('deploy.badLines', { lines: badLines.join(', ') }) : t('deploy.variablesHint');
  return (
    <Field label={t('deploy.variables')} error={path ? errorText(t, errors, path) : null} hint={hint}>
      {(ids) => (
        <div className="lines" id={ids.id} data-edit="variables">
          {spec.variables.map((row, index) => (
            <div className="row variable" key={index}>
              <Input
                className="mono"
                aria-label={t('deploy.variableName')}
                style={{ width: 200 }}
                value={row.name}
                onChange={(event) => set(index, { name: event.target.value })}
              />
              {row.secret ? (
                <Input.Password
                  data-edit={`variable:${row.name}`}
                  aria-label={t('deploy.variableValue', { name: row.name })}
                  style={{ flex: 1 }}
                  autoComplete="new-password"
                  value={row.value}
                  placeholder={row.version ? t('deploy.keepSecret', { version: row.version }) : ''}
                  onChange={(event) => set(index, { value: event.target.value })}
                />
              ) : (
                <Input
                  className="mono"
                  data-edit={`variable:${row.name}`}
                  aria-label={t('deploy.variableValue', { name: row.name })}
                  style={{ flex: 1 }}
                  value={row.value}
                  onChange={(event) => set(index, { value: event.target.value })}
                />
              )}
              <Select
                aria-label={t('deploy.variableKind')}
                style={{ width: 92 }}
                value={row.secret}
                options={[
                  { value: false, label: t('deploy.plain') },
                  { value: true, label: t('deploy.secret') },
                ]}
                onChange={(secret) => set(index, { secret, version: null })}
              />
              <Remove onClick={() => change({ variables: spec.variables.filter((_, at) => at !== index) })} />
            </div>
          ))}
          {paste !== null && (
            <div className="stack">
              <Input.TextArea
                autoFocus
                className="mono"
                rows={6}
                aria-label={t('deploy.paste')}
                placeholder={'DB_HOST=10.0.0.8\nDB_PASSWORD=…'}
                value={paste}
                onChange={(event) => setPaste(event.target.value)}
              />
              <div className="row">
                <Button type="primary" size="small" onClick={take}>
                  {t('deploy.takePaste')}
                </Button>
                <Button size="small" onClick={() => setPaste(null)}>
                  {t('common.cancel')}
                </Button>
              </div>
            </div>
          )}
          <div className="row">
            <Add
              label={t('deploy.addVariable')}
              onClick={() =>
                change({ variables: [...spec.variables, { name: '', value: '', secret: false, version: null }] })
              }
            />
            {paste === null && (
              <Button size="small" type="text" onClick={() => setPaste('')}>
                {t('deploy.paste')}
              </Button>
            )}
          </div>
        </div>
      )}
    </Field>
  );
}
