import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ProblemError } from '../../api/problem.js';
import { operationQuery, projectsQuery } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Field, Panel } from '../../ui/Field.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { deployErrors, formPath, type DeployDraft, type FormErrors, type SpecDraft } from './draft.js';
import { errorText, PortsField, SizeField } from './fields.js';
import { ImageField, useResolvedImage } from './ImageField.js';
import { freshDeploy, keyOfDeploy, keyOfSent, KeptDeploy, sentDeploy, withoutValues } from './kept-deploy.js';
import { forgetKept, keepDraft, useKept } from './kept.js';
import { MoreFields } from './MoreFields.js';
import { PlacementField, usePlacement } from './PlacementField.js';
import { Preview } from './Preview.js';
import { attemptFor, deploy, type Attempt } from './submit.js';
import { TargetFields, useNameCheck } from './TargetFields.js';
import './deploy.css';

const from = '/inside/p/$project/$env/deploy';

/** First deploy of a service. Another project, environment or code in the address is another form with its own draft. */
export function DeployPage() {
  const scope = useParams({ from });
  const { code } = useSearch({ from });
  const key = keyOfDeploy(scope, code);
  return <DeployForm key={key} draftKey={key} fresh={() => freshDeploy(scope, code)} />;
}

/** One form, the rest folded, and at the right what will be made. */
function DeployForm({ draftKey, fresh }: { draftKey: string; fresh: () => KeptDeploy }) {
  const t = useT();
  const navigate = useNavigate();
  const may = useMay();
  const kept = useKept({ key: draftKey, shape: KeptDeploy, withoutSecrets: withoutValues }, fresh);
  useForgetSucceeded(kept, fresh);
  const only = useOnlyProject();
  const { environment, draft } = kept.value;
  const project = kept.value.project || only;
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const attempt = useRef<Attempt | null>(null);
  // What is written anew is no longer what was sent.
  const edit = (next: (before: KeptDeploy) => KeptDeploy) =>
    kept.change((before) => ({ ...next(before), operation: null }));
  const change = (part: Partial<DeployDraft>) => edit((before) => ({ ...before, draft: { ...before.draft, ...part } }));
  const changeSpec = (part: Partial<SpecDraft>) =>
    edit((before) => ({
      ...before,
      draft: { ...before.draft, spec: { ...before.draft.spec, ...part } },
    }));

  const place = project ? { project, environment } : null;
  const resolved = useResolvedImage(place, draft.spec.image, draft.spec.registryCredential);
  const nameCheck = useNameCheck(place, draft.code);
  const preview = usePlacement(place, {
    size: { cpuMillis: draft.spec.cpuMillis, memoryMiB: draft.spec.memoryMiB },
    replicas: draft.replicas,
    policy: draft.policy,
  });

  const causeMissing = environment === 'prod' && draft.cause.trim() === '';
  const found: FormErrors = {
    ...deployErrors(draft),
    ...(causeMissing && { cause: t('invalid.cause') }),
    ...(!place && { project: t('invalid.project') }),
  };
  const errors = { ...(tried ? found : {}), ...serverErrors(refusal) };
  const allowed = place === null || may('service.deploy', { project, environment });
  const moreWrong = Object.keys(errors).some((path) =>
    /^spec\.(variables|hostAliases|readiness|liveness|command|args|runAs|startup|graceful|rollout)/.test(path),
  );

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    setTried(true);
    if (Object.keys(found).length > 0) {
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('.field-bad input, .field-bad textarea')?.focus(),
      );
      return;
    }
    if (!place || busy) return;
    setBusy(true);
    setRefusal(null);
    attempt.current = attemptFor([place, draft], attempt.current);
    try {
      const id = await deploy({ ...place, service: draft.code.trim() }, draft, attempt.current);
      forgetKept(draftKey);
      const sent = { ...kept.value, project };
      keepDraft({ key: keyOfSent(sent), withoutSecrets: withoutValues }, sentDeploy(sent, id));
      await navigate({ to: '/operations/$id', params: { id } });
    } catch (thrown) {
      setRefusal(thrown);
      // An answer that was a refusal left nothing behind: the next try is a new wish. No answer: the same wish again.
      if (thrown instanceof ProblemError && thrown.status !== 0) attempt.current = null;
    } finally {
      setBusy(false);
    }
  };

  const fields = { spec: draft.spec, change: changeSpec, errors };
  return (
    <form
      className="deploy"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
      }}
      data-testid="deploy-form"
      noValidate
    >
      <header className="page-head">
        <h1>{t('deploy.title')}</h1>
        <EnvironmentTag environment={environment} />
        <span className="sub">{t('deploy.intro')}</span>
        {kept.restored && (
          <span className="tag restored" data-testid="draft-restored">
            {t(kept.value.operation === null ? 'deploy.restored' : 'deploy.restoredSent')}
            {draft.spec.variables.some((row) => row.secret && row.value === '') && t('deploy.secretsAgain')}
            <button
              type="button"
              className="link"
              onClick={() => {
                kept.forget(fresh());
                setTried(false);
                setRefusal(null);
              }}
            >
              {t('deploy.clear')}
            </button>
          </span>
        )}
      </header>
      <div className="deploy-main stack">
        {refusal !== null && <ErrorNote error={refusal} />}
        <Panel title={t('deploy.what')}>
          <TargetFields
            {...{ project, environment, draft, errors, change, nameCheck }}
            onProject={(value) => edit((before) => ({ ...before, project: value }))}
            onEnvironment={(value) => edit((before) => ({ ...before, environment: value }))}
          />
          <ImageField {...fields} resolved={resolved} place={place} />
          <PortsField {...fields} />
        </Panel>
        <Panel title={t('deploy.howMuch')}>
          <SizeField {...fields} reserved={preview.data?.request} />
          <PlacementField replicas={draft.replicas} policy={draft.policy} change={change} />
        </Panel>
        <details className="panel more" open={moreWrong || undefined}>
          <summary>
            {t('deploy.more')} <span className="faint">{t('deploy.moreText')}</span>
          </summary>
          <MoreFields {...fields} />
        </details>
        <Panel title={t('deploy.why')}>
          <Field
            label={t('deploy.cause')}
            required={environment === 'prod'}
            error={errorText(t, errors, 'cause')}
            hint={t(environment === 'prod' ? 'deploy.causeHint' : 'deploy.causeOptional')}
          >
            {(ids) => (
              <Input
                {...ids}
                data-testid="deploy-cause"
                value={draft.cause}
                maxLength={500}
                onChange={(event) => change({ cause: event.target.value })}
              />
            )}
          </Field>
        </Panel>
        <div className="row submit-row">
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            loading={busy}
            disabled={!allowed}
            data-testid="deploy-submit"
          >
            {environment === 'prod' ? t('deploy.submitProd') : t('deploy.submit')}
          </Button>
          <kbd>Ctrl Enter</kbd>
          {tried && Object.keys(found).length > 0 && (
            <span className="field-error" role="status">
              {t('deploy.wrongFields', { count: Object.keys(found).length })}
            </span>
          )}
          {!allowed && <span className="field-error">{t('common.noRight', { right: t('right.service.deploy') })}</span>}
        </div>
      </div>
      <Preview draft={draft} place={place} preview={preview} image={resolved.data?.image} />
    </form>
  );
}

/** Whoever has one project need not choose it. */
function useOnlyProject(): string {
  const { data } = useQuery(projectsQuery);
  const live = data?.items.filter((row) => !row.retired) ?? [];
  return live.length === 1 ? (live[0]?.slug ?? '') : '';
}

/** What was sent and succeeded has nothing left to be mended. */
function useForgetSucceeded(kept: ReturnType<typeof useKept<KeptDeploy>>, fresh: () => KeptDeploy): void {
  const { operation } = kept.value;
  const { data } = useQuery({ ...operationQuery(operation ?? ''), enabled: operation !== null });
  const isDone = operation !== null && data?.id === operation && data.state === 'succeeded';
  useEffect(() => {
    if (isDone) kept.forget(fresh());
  });
}

/** Errors that the platform named by field. */
function serverErrors(refusal: unknown): FormErrors {
  if (!(refusal instanceof ProblemError) || refusal.problem.code !== 'bad_request') return {};
  return Object.fromEntries((refusal.problem.errors ?? []).map((row) => [formPath(row.path), row.message]));
}
