import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useT, type Translate } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { looksSecret, parseDotenv } from './dotenv.js';
import type { FormErrors, PortDraft, ProbeDraft, SpecDraft, VariableDraft } from './draft.js';

/** One way for every field: read the draft, change a part of it, show the error of a path. */
export interface SpecFieldProps {
  readonly spec: SpecDraft;
  readonly change: (part: Partial<SpecDraft>) => void;
  readonly errors: FormErrors;
}

/** The error of a path in the reader's language, by the path's pattern. */
export function errorText(t: Translate, errors: FormErrors, path: string): string | null {
  const message = errors[path];
  return message === undefined ? null : t.say(`invalid.${path.replace(/\.\d+/g, '.*')}`, undefined, message);
}

const presets = [
  { cpuMillis: 250, memoryMiB: 256 },
  { cpuMillis: 500, memoryMiB: 512 },
  { cpuMillis: 1000, memoryMiB: 1024 },
  { cpuMillis: 2000, memoryMiB: 4096 },
  { cpuMillis: 4000, memoryMiB: 8192 },
];

export function SizeField({ spec, change, errors }: SpecFieldProps) {
  const t = useT();
  const text = (size: { cpuMillis: number; memoryMiB: number }) =>
    t('size.text', {
      cpu: size.cpuMillis / 1000,
      memory: size.memoryMiB >= 1024 ? `${size.memoryMiB / 1024} GB` : `${size.memoryMiB} MB`,
    });
  const error = errorText(t, errors, 'spec.size.cpuMillis') ?? errorText(t, errors, 'spec.size.memoryMiB');
  return (
    <Field label={t('deploy.size')} error={error} hint={t('deploy.sizeHint')}>
      {(ids) => (
        <div className="row" role="group" aria-label={t('deploy.size')}>
          <div className="chips">
            {presets.map((preset) => (
              <button
                key={preset.memoryMiB}
                type="button"
                className="chip"
                aria-pressed={preset.cpuMillis === spec.cpuMillis && preset.memoryMiB === spec.memoryMiB}
                onClick={() => change(preset)}
              >
                {text(preset)}
                {preset.memoryMiB === 8192 && <span className="faint">{t('deploy.likeVm')}</span>}
              </button>
            ))}
          </div>
          <InputNumber
            {...ids}
            aria-label="CPU"
            suffix="m CPU"
            style={{ width: 130 }}
            min={10}
            max={256_000}
            step={100}
            value={spec.cpuMillis}
            onChange={(value) => change({ cpuMillis: value ?? 1000 })}
          />
          <InputNumber
            aria-label={t('deploy.memory')}
            suffix="MB"
            style={{ width: 120 }}
            min={16}
            step={128}
            value={spec.memoryMiB}
            onChange={(value) => change({ memoryMiB: value ?? 1024 })}
          />
        </div>
      )}
    </Field>
  );
}

export function PortsField({ spec, change, errors }: SpecFieldProps) {
  const t = useT();
  const set = (index: number, part: Partial<PortDraft>) =>
    change({ ports: spec.ports.map((row, at) => (at === index ? { ...row, ...part } : row)) });
  const rowError = Object.keys(errors).find((path) => path.startsWith('spec.ports'));
  return (
    <Field
      label={t('deploy.ports')}
      error={rowError ? errorText(t, errors, rowError) : null}
      hint={t('deploy.portsHint')}
    >
      {(ids) => (
        <div className="lines" id={ids.id}>
          {spec.ports.map((row, index) => (
            <div className="row" key={index}>
              <Input
                aria-label={t('deploy.portName')}
                style={{ width: 140 }}
                value={row.name}
                onChange={(event) => set(index, { name: event.target.value })}
              />
              <InputNumber
                aria-label={t('deploy.portNumber')}
                style={{ width: 110 }}
                min={1}
                max={65_535}
                value={row.port}
                onChange={(port) => set(index, { port })}
              />
              <Select
                aria-label={t('deploy.protocol')}
                style={{ width: 96 }}
                value={row.protocol}
                options={[{ value: 'HTTP' }, { value: 'TCP' }]}
                onChange={(protocol) => set(index, { protocol })}
              />
              <Remove onClick={() => change({ ports: spec.ports.filter((_, at) => at !== index) })} />
            </div>
          ))}
          <Add
            label={t('deploy.addPort')}
            onClick={() =>
              change({ ports: [...spec.ports, { name: `port-${spec.ports.length + 1}`, port: null, protocol: 'TCP' }] })
            }
          />
        </div>
      )}
    </Field>
  );
}

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
        <div className="lines" id={ids.id}>
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

interface ProbeProps extends SpecFieldProps {
  readonly which: 'readiness' | 'liveness';
}

export function ProbeField({ spec, change, errors, which }: ProbeProps) {
  const t = useT();
  const probe = spec[which];
  const set = (part: Partial<ProbeDraft>) => change({ [which]: { ...probe, ...part } });
  const path = Object.keys(errors).find((name) => name.startsWith(`spec.${which}`));
  const number = (name: 'periodSeconds' | 'timeoutSeconds' | 'failureThreshold', max: number) => (
    <label className="inline-label">
      {t(`probe.${name}`)}
      <InputNumber
        style={{ width: 72 }}
        min={1}
        max={max}
        value={probe[name]}
        onChange={(value) => set({ [name]: value ?? 1 })}
      />
    </label>
  );
  return (
    <Field
      label={t(`deploy.${which}`)}
      error={path ? errorText(t, errors, path) : null}
      hint={t(`deploy.${which}Hint`)}
    >
      {(ids) => (
        <div className="row">
          <Select
            id={ids.id}
            aria-label={t(`deploy.${which}`)}
            style={{ width: 110 }}
            value={probe.kind}
            options={(['none', 'tcp', 'http', 'command'] as const).map((kind) => ({
              value: kind,
              label: t(`probe.${kind}`),
            }))}
            onChange={(kind) => set({ kind })}
          />
          {probe.kind === 'http' && (
            <Input
              aria-label={t('probe.path')}
              className="mono"
              style={{ width: 160 }}
              value={probe.path}
              onChange={(event) => set({ path: event.target.value })}
            />
          )}
          {(probe.kind === 'http' || probe.kind === 'tcp') && (
            <InputNumber
              aria-label={t('deploy.portNumber')}
              placeholder={String(spec.ports[0]?.port ?? '')}
              style={{ width: 96 }}
              min={1}
              max={65_535}
              value={probe.port}
              onChange={(port) => set({ port })}
            />
          )}
          {probe.kind === 'command' && (
            <Input.TextArea
              aria-label={t('probe.command')}
              className="mono"
              autoSize
              style={{ width: 260 }}
              placeholder={'/bin/check\n--quick'}
              value={probe.command}
              onChange={(event) => set({ command: event.target.value })}
            />
          )}
          {probe.kind !== 'none' && (
            <>
              {number('periodSeconds', 300)}
              {number('timeoutSeconds', 60)}
              {number('failureThreshold', 100)}
            </>
          )}
        </div>
      )}
    </Field>
  );
}

function Remove({ onClick }: { onClick(): void }) {
  const t = useT();
  return <Button type="text" icon={<DeleteOutlined />} aria-label={t('common.remove')} onClick={onClick} />;
}

function Add({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <Button size="small" type="text" icon={<PlusOutlined />} onClick={onClick}>
      {label}
    </Button>
  );
}
