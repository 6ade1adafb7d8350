import { Input, Select } from 'antd';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { AddRows } from './AddRows.js';
import { looksSecret, parseDotenv } from './dotenv.js';
import type { VariableDraft } from './draft.js';
import { errorText, type SpecFieldProps } from './fields.js';
import { Remove } from './row-buttons.js';

/** Variables by hand or from a pasted `.env`; a secret's value is sealed before the rest is sent. */
export function VariablesField({ spec, change, errors }: SpecFieldProps) {
  const t = useT();
  const [badLines, setBadLines] = useState<readonly number[]>([]);
  const set = (index: number, part: Partial<VariableDraft>) =>
    change({ variables: spec.variables.map((row, at) => (at === index ? { ...row, ...part } : row)) });
  const take = (text: string) => {
    const parsed = parseDotenv(text);
    const names = new Set(parsed.rows.map((row) => row.name));
    change({
      variables: [
        ...spec.variables.filter((row) => !names.has(row.name)),
        ...parsed.rows.map((row) => ({ ...row, secret: looksSecret(row.name), version: null })),
      ],
    });
    setBadLines(parsed.badLines);
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
          <AddRows
            addLabel={t('deploy.addVariable')}
            onAdd={() =>
              change({ variables: [...spec.variables, { name: '', value: '', secret: false, version: null }] })
            }
            pasteLabel={t('deploy.paste')}
            example={'DB_HOST=10.0.0.8\nDB_PASSWORD=…'}
            lines={6}
            onPaste={take}
          />
        </div>
      )}
    </Field>
  );
}
