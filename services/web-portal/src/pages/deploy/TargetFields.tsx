import { routes } from '@berth/api';
import { environmentNames, ServiceCode, type EnvironmentName } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { AutoComplete, Input, Select } from 'antd';
import { call } from '../../api/client.js';
import { problemText } from '../../api/problem.js';
import { projectsQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { Shape } from '../../ui/Mark.js';
import type { DeployDraft, FormErrors } from './draft.js';
import { errorText } from './fields.js';
import { nameAfter } from './target.js';
import { useLater } from './useLater.js';

/** Whether a code is free, asked while it is written. */
export function useNameCheck(place: { project: string; environment: EnvironmentName } | null, code: string) {
  const service = useLater(code.trim(), 300);
  return useQuery({
    queryKey: ['name', place, service],
    queryFn: ({ signal }) =>
      call(routes.checkName, {
        params: { ...(place as { project: string; environment: EnvironmentName }), service },
        signal,
      }),
    enabled: place !== null && ServiceCode.safeParse(service).success,
    retry: false,
    staleTime: 0,
  });
}

interface Props {
  readonly project: string;
  readonly environment: EnvironmentName;
  readonly draft: DeployDraft;
  readonly errors: FormErrors;
  readonly change: (part: Partial<DeployDraft>) => void;
  readonly nameCheck: ReturnType<typeof useNameCheck>;
  readonly onProject: (project: string) => void;
  readonly onEnvironment: (environment: EnvironmentName) => void;
}

/** Where it goes and what it is called. */
export function TargetFields({
  project,
  environment,
  draft,
  errors,
  change,
  nameCheck,
  onProject,
  onEnvironment,
}: Props) {
  const t = useT();
  const { data: projects } = useQuery(projectsQuery);
  const undeployed = useUndeployed(project, environment);
  const isStrict = projects?.items.find((row) => row.slug === project)?.allowsUnregistered === false;
  const whatGoes = isStrict ? t('deploy.codeHintRegistered', { count: undeployed.length }) : t('deploy.codeHint');
  const pickCode = (code: string) => change({ code, name: nameAfter(code, draft, undeployed) });
  return (
    <>
      <div className="columns2">
        <Field label={t('scope.project')} required error={errors.project}>
          {(ids) => (
            <Select
              {...ids}
              showSearch={{ optionFilterProp: 'label' }}
              data-testid="deploy-project"
              value={project || null}
              placeholder={t('scope.findProject')}
              options={
                projects?.items
                  .filter((row) => !row.retired)
                  .map((row) => ({ value: row.slug, label: `${row.name} · ${row.slug}` })) ?? []
              }
              onChange={(value) => onProject(value)}
            />
          )}
        </Field>
        <Field label={t('scope.environment')} required>
          {(ids) => (
            <Select
              {...ids}
              data-testid="deploy-environment"
              value={environment}
              options={environmentNames.map((name) => ({ value: name, label: t(`environment.${name}`) }))}
              onChange={(value: EnvironmentName) => onEnvironment(value)}
            />
          )}
        </Field>
      </div>
      <div className="columns2">
        <Field
          label={t('deploy.code')}
          required
          error={errorText(t, errors, 'code')}
          hint={<NameAnswer check={nameCheck} code={draft.code} whatGoes={whatGoes} />}
        >
          {(ids) => (
            <AutoComplete
              {...ids}
              data-testid="deploy-code"
              defaultActiveFirstOption={false}
              value={draft.code}
              placeholder="cart"
              options={undeployed
                .filter((row) => row.code.includes(draft.code))
                .map((row) => ({ value: row.code, label: `${row.code} · ${row.name}` }))}
              onChange={pickCode}
            />
          )}
        </Field>
        <Field label={t('deploy.name')} error={errorText(t, errors, 'name')} hint={t('deploy.nameHint')}>
          {(ids) => (
            <Input
              {...ids}
              data-testid="deploy-name"
              value={draft.name}
              maxLength={100}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

/** What the CMDB knows and nobody deployed in that environment. */
function useUndeployed(project: string, environment: EnvironmentName) {
  const { data } = useQuery({
    queryKey: ['services', 'undeployed', project, environment],
    queryFn: ({ signal }) =>
      call(routes.listServices, { query: { project, environment, state: 'undeployed', limit: 500 }, signal }),
    enabled: project !== '',
  });
  return data?.items ?? [];
}

interface NameAnswerProps {
  readonly check: ReturnType<typeof useNameCheck>;
  readonly code: string;
  /** Which codes can be written here at all, before one is. */
  readonly whatGoes: string;
}

function NameAnswer({ check, code, whatGoes }: NameAnswerProps) {
  const t = useT();
  if (code === '' || !check.data) return <>{whatGoes}</>;
  const { free, registered, problem } = check.data;
  if (!free || problem) {
    const { detail, todo } = problem ? problemText(t, problem) : { detail: t('deploy.nameTaken'), todo: null };
    return (
      <span className="field-error" data-testid="name-answer" data-free={free && !problem}>
        <Shape tone="bad" /> {detail} {todo}
      </span>
    );
  }
  return (
    <span data-testid="name-answer" data-free="true" className="mark mark-ok">
      <Shape tone="ok" /> {t('deploy.nameFree')}
      {!registered && <span className="tag tag-warn">{t('deploy.unregistered')}</span>}
    </span>
  );
}
