import type { Size } from '@berth/contracts';
import { Input, InputNumber, Select } from 'antd';
import { useT, type Translate } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { sizeText } from '../../ui/words.js';
import type { FormErrors, PortDraft, ProbeDraft, SpecDraft } from './draft.js';
import { Add, Remove } from './row-buttons.js';

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

/** A size, with what is really reserved of it in this environment. */
export function SizeField({
  spec,
  change,
  errors,
  reserved,
}: SpecFieldProps & { readonly reserved: Size | undefined }) {
  const t = useT();
  const error = errorText(t, errors, 'spec.size.cpuMillis') ?? errorText(t, errors, 'spec.size.memoryMiB');
  return (
    <Field
      label={t('deploy.size')}
      error={error}
      hint={
        <span data-testid="size-reserved">
          {reserved ? t('deploy.sizeReserved', { reserved: sizeText(t, reserved) }) : t('deploy.sizeHint')}
        </span>
      }
    >
      {(ids) => (
        <div className="row" role="group" aria-label={t('deploy.size')} data-edit="size">
          <div className="chips">
            {presets.map((preset) => (
              <button
                key={preset.memoryMiB}
                type="button"
                className="chip"
                aria-pressed={preset.cpuMillis === spec.cpuMillis && preset.memoryMiB === spec.memoryMiB}
                onClick={() => change(preset)}
              >
                {sizeText(t, preset)}
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
            data-edit="memory"
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
        <div className="lines" id={ids.id} data-edit="ports">
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
        <div className="row" data-edit={which}>
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
