import { DeadLetterOwner, type DeadLetterDetail } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { deadLetterQuery } from '../../api/admin-queries.js';
import { useT } from '../../i18n/index.js';
import { Facts, Panel } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { Clock } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { Became } from './DeadLettersPage.js';
import { ForecastNote, ResolveDialog } from './DeadLettersDialog.js';
import { messageName } from './message-words.js';
import './admin.css';

/** One dead letter: what arrived, why it failed, what it affected, and what can be done. */
export function DeadLetterPage() {
  const t = useT();
  const params = useParams({ from: '/inside/admin/dead-letters/$owner/$id' });
  const owner = DeadLetterOwner.catch('gateway').parse(params.owner);
  const query = useQuery(deadLetterQuery(owner, Number(params.id)));
  useTitle(t('menu.deadLetters'));
  return <Loaded query={query}>{(letter) => <Letter letter={letter} />}</Loaded>;
}

function Letter({ letter }: { letter: DeadLetterDetail }) {
  const t = useT();
  const client = useQueryClient();
  const [action, setAction] = useState<'replay' | 'discard' | null>(null);
  const isOpen = letter.resolution === null;
  const close = () => {
    setAction(null);
    void client.invalidateQueries({ queryKey: ['dead-letters'] });
  };
  return (
    <>
      <header className="page-head">
        <h1>{messageName(letter, t)}</h1>
        <span className="sub mono">{letter.key}</span>
        <Became letter={letter} />
        <span className="grow" />
        {isOpen && (
          <>
            <Button danger onClick={() => setAction('discard')} data-testid="discard">
              {t('deadLetters.discard')}
            </Button>
            <Button type="primary" onClick={() => setAction('replay')} data-testid="replay">
              {t('deadLetters.replay')}
            </Button>
          </>
        )}
      </header>
      <p className="note note-bad" data-testid="dead-letter-reason">
        {letter.reason}
      </p>
      {isOpen && <ForecastNote letter={letter} />}
      <div className="stack">
        <Panel title={t('deadLetters.message')}>
          <Facts
            rows={[
              [t('deadLetters.owner'), <span className="mono">{letter.owner}</span>],
              [t('deadLetters.object'), letter.key === '' ? t('deadLetters.noKey') : <Key letter={letter} />],
              [t('deadLetters.firstSeen'), <Clock at={letter.firstSeenAt} />],
              [t('deadLetters.lastSeen'), <Clock at={letter.lastSeenAt} />],
              [t('deadLetters.attempts'), letter.attempts],
              [t('deadLetters.position'), <Position letter={letter} />],
              ...(letter.operationId
                ? [[t('deadLetters.affected'), <OperationLink id={letter.operationId} />] as const]
                : []),
              ...(letter.resolvedAt
                ? [
                    [
                      t('deadLetters.became'),
                      <>
                        {letter.resolvedBy} · <Clock at={letter.resolvedAt} /> · {letter.resolutionCause}
                      </>,
                    ] as const,
                  ]
                : []),
              ...(letter.replayOperationId
                ? [[t('deadLetters.replayOperation'), <OperationLink id={letter.replayOperationId} />] as const]
                : []),
            ]}
          />
        </Panel>
        <Panel title={t('deadLetters.payload')}>
          {letter.payload === null ? (
            <p className="soft">{t('deadLetters.noPayload')}</p>
          ) : (
            <pre className="code-block" tabIndex={0} data-testid="dead-letter-payload">
              {letter.payload}
            </pre>
          )}
        </Panel>
        <Panel title={t('deadLetters.headers')}>
          <table className="plain flush">
            <tbody>
              {Object.entries(letter.headers).map(([name, value]) => (
                <tr key={name}>
                  <th scope="row" className="mono">
                    {name}
                  </th>
                  <td className="mono wrap">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
        {letter.error && (
          <Panel title={t('deadLetters.error')}>
            <pre className="code-block" tabIndex={0}>
              {letter.error}
            </pre>
          </Panel>
        )}
      </div>
      {action && <ResolveDialog action={action} letter={letter} onClose={close} />}
    </>
  );
}

function Key({ letter }: { letter: DeadLetterDetail }) {
  const [project, env, code] = letter.key.split('/');
  if (!project || !env || !code) return <span className="mono">{letter.key}</span>;
  return (
    <Link
      to="/p/$project/$env/services/$code/$tab"
      params={{ project, env, code, tab: 'overview' }}
      search={{}}
      className="mono"
    >
      {letter.key}
    </Link>
  );
}

function Position({ letter }: { letter: DeadLetterDetail }) {
  return (
    <span className="mono">
      {letter.stream} / {letter.partition} / {letter.offset}
    </span>
  );
}

function OperationLink({ id }: { id: string }) {
  return (
    <Link to="/operations/$id" params={{ id }} className="mono">
      {id}
    </Link>
  );
}
