import { routes, type TryAnswer } from '@berth/api';
import { Button, Input, Select } from 'antd';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/client.js';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Mark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { durationText } from '../../ui/time.js';
import type { Tone } from '../../ui/tone.js';

/** A GET by the platform to one container: does it answer, how fast, and what. */
export function Try({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const nameOf = useClusterNames();
  const ports = service.spec?.ports ?? [];
  const clusters = service.clusters.filter((row) => row.desired > 0).map((row) => row.cluster);
  const readiness = service.spec?.readiness;
  const [port, setPort] = useState(ports[0]?.port ?? 0);
  const [cluster, setCluster] = useState('');
  const [path, setPath] = useState(readiness?.kind === 'http' ? readiness.path : '/');
  const [answer, setAnswer] = useState<TryAnswer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isPath = /^\/[\x21-\x7e]*$/.test(path);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!isPath || busy) return;
    setBusy(true);
    setError(null);
    try {
      setAnswer(await call(routes.tryService, { params: place, body: { port, path, ...(cluster && { cluster }) } }));
    } catch (thrown) {
      setAnswer(null);
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="try" onSubmit={(event) => void send(event)} data-testid="try-form">
      <div className="row try-ask">
        <code className="faint">GET</code>
        {ports.length > 1 && (
          <Select
            aria-label={t('deploy.portNumber')}
            value={port}
            options={ports.map((row) => ({ value: row.port, label: `:${row.port}` }))}
            onChange={setPort}
          />
        )}
        <Input
          className="mono"
          aria-label={t('probe.path')}
          status={isPath ? '' : 'error'}
          value={path}
          data-testid="try-path"
          onChange={(event) => setPath(event.target.value)}
        />
        {clusters.length > 1 && (
          <Select
            aria-label={t('container.cluster')}
            style={{ width: 104 }}
            value={cluster}
            options={[
              { value: '', label: t('try.anyCluster') },
              ...clusters.map((name) => ({ value: name, label: nameOf(name) })),
            ]}
            onChange={setCluster}
          />
        )}
        <Button htmlType="submit" loading={busy} disabled={!isPath} data-testid="try-send">
          {t('try.send')}
        </Button>
      </div>
      <div aria-live="polite">
        {error !== null && <ErrorNote error={error} />}
        {answer && <Answer answer={answer} />}
      </div>
    </form>
  );
}

const toneOfStatus = (status: number): Tone => (status < 400 ? 'ok' : status < 500 ? 'warn' : 'bad');

function Answer({ answer }: { answer: TryAnswer }) {
  const t = useT();
  const { status, failure } = answer;
  return (
    <div className="try-answer" data-testid="try-answer">
      <p className="row">
        {failure || status === null ? (
          <Mark tone="bad">{t(`try.${failure ?? 'refused'}`)}</Mark>
        ) : (
          <Mark tone={toneOfStatus(status)}>{`HTTP ${status}`}</Mark>
        )}
        <span className="num">{durationText(answer.ms)}</span>
        <span className="faint">
          {answer.cluster} · <span className="mono">{answer.container ?? answer.address}</span>
        </span>
      </p>
      {answer.body && (
        <pre className="code try-body" tabIndex={0}>
          {answer.body}
          {answer.truncated && '…'}
        </pre>
      )}
      {answer.truncated && <p className="faint">{t('try.truncated')}</p>}
    </div>
  );
}
