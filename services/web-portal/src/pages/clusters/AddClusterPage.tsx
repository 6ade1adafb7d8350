import { routes, type ResponseOf } from '@berth/api';
import { ClusterName } from '@berth/contracts';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input, Radio } from 'antd';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Field, Panel } from '../../ui/Field.js';
import { Mark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import type { Tone } from '../../ui/tone.js';
import { useTitle } from '../../ui/useTitle.js';
import '../deploy/deploy.css';
import './clusters.css';

type Sealed = ResponseOf<typeof routes.sealClusterCredential>;
const checkTone: Record<Sealed['checks'][number]['state'], Tone> = { ok: 'ok', warning: 'warn', failed: 'bad' };

/** A pasted kubeconfig, what was found with it, and then joining. */
export function AddClusterPage() {
  const t = useT();
  const navigate = useNavigate();
  useTitle(t('clusters.add'));
  const [draft, setDraft] = useState({
    name: '',
    displayName: '',
    site: '',
    reach: 'podIP' as 'podIP' | 'nodePort',
    kubeconfig: '',
  });
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const nameOk = ClusterName.safeParse(draft.name).success;
  const change = (part: Partial<typeof draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    if ('kubeconfig' in part || 'name' in part) setSealed(null);
  };
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const check = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const answer = await call(routes.sealClusterCredential, {
        body: { name: draft.name, kubeconfig: draft.kubeconfig },
      });
      setSealed(answer);
      // Sealed, this page has no more use for the text; what was not sealed can be checked again.
      if (answer.credential) setDraft((before) => ({ ...before, kubeconfig: '' }));
    });
  };
  const join = () =>
    void run(async () => {
      if (!sealed?.credential) return;
      const { name, displayName, site, reach } = draft;
      const { apiServer, caPem, credential } = sealed;
      const body = { name, displayName: displayName.trim() || name, site, reach, apiServer, caPem, credential };
      const accepted = await call(routes.registerCluster, { body, idempotencyKey: key });
      await navigate({ to: '/operations/$id', params: { id: accepted.operationId } });
    });
  return (
    <form className="stack add-cluster" onSubmit={check} data-testid="add-cluster-form">
      <header className="page-head">
        <h1>{t('clusters.add')}</h1>
      </header>
      {error !== null && <ErrorNote error={error} />}
      <Panel title={t('clusters.which')}>
        <div className="columns3">
          <Field
            label={t('clusters.name')}
            required
            hint={t('clusters.nameHint')}
            error={draft.name && !nameOk ? t('invalid.code') : null}
          >
            {(ids) => (
              <Input
                {...ids}
                className="mono"
                value={draft.name}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('clusters.displayName')}>
            {(ids) => (
              <Input
                {...ids}
                value={draft.displayName}
                onChange={(event) => change({ displayName: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('clusters.site')}>
            {(ids) => <Input {...ids} value={draft.site} onChange={(event) => change({ site: event.target.value })} />}
          </Field>
        </div>
        <Field label={t('clusters.reach')} hint={t(`reachMode.${draft.reach}Hint`)}>
          {(ids) => (
            <Radio.Group
              id={ids.id}
              value={draft.reach}
              options={[
                { value: 'podIP', label: t('reachMode.podIP') },
                { value: 'nodePort', label: t('reachMode.nodePort') },
              ]}
              onChange={(event) => change({ reach: event.target.value === 'nodePort' ? 'nodePort' : 'podIP' })}
            />
          )}
        </Field>
        <Field label="kubeconfig" required hint={t('clusters.kubeconfigHint')}>
          {(ids) => (
            <Input.TextArea
              {...ids}
              className="mono"
              rows={10}
              spellCheck={false}
              autoComplete="off"
              placeholder={sealed?.credential ? t('clusters.sealed', { version: sealed.credential.version }) : ''}
              value={draft.kubeconfig}
              onChange={(event) => change({ kubeconfig: event.target.value })}
            />
          )}
        </Field>
        <label className="plain-button kubeconfig-file">
          {t('clusters.file')}
          <input
            type="file"
            className="visually-hidden"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) void file.text().then((kubeconfig) => change({ kubeconfig }));
            }}
          />
        </label>{' '}
        <Button
          htmlType="submit"
          type={sealed ? 'default' : 'primary'}
          loading={busy && !sealed}
          disabled={!nameOk || draft.kubeconfig.trim() === ''}
          data-testid="cluster-check"
        >
          {t('clusters.check')}
        </Button>
      </Panel>
      {sealed && (
        <Panel title={t('clusters.checks')} extra={<code className="faint">{sealed.apiServer}</code>}>
          <table className="plain flush" data-testid="preflight">
            <thead>
              <tr>
                <th scope="col">{t('clusters.checkName')}</th>
                <th scope="col">{t('clusters.checkFound')}</th>
                <th scope="col">{t('clusters.checkMeans')}</th>
              </tr>
            </thead>
            <tbody>
              {sealed.checks.map((row) => (
                <tr key={row.name} data-testid={`check-${row.name}`} data-state={row.state}>
                  <td className="nowrap">
                    <Mark tone={checkTone[row.state]}>{t(`check.${row.name}`)}</Mark>
                  </td>
                  <td className="check-found">{t.say(`checkFound.${row.code}`, row.params, row.detail)}</td>
                  <td className="soft">{t(`checkText.${row.name}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {sealed.credential && <p className="soft">{t('clusters.canJoin')}</p>}
          <div className="row">
            <Button
              type="primary"
              loading={busy}
              disabled={!sealed.credential}
              onClick={join}
              data-testid="cluster-join"
            >
              {t('clusters.join')}
            </Button>
            {!sealed.credential && <span className="field-error">{t('clusters.cannotJoin')}</span>}
            <Link to="/clusters">{t('common.cancel')}</Link>
          </div>
        </Panel>
      )}
    </form>
  );
}
