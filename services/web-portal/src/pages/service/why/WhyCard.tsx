import type { Finding, WhyAnswer } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { whyQuery, type ServicePlace, type ServiceWithEtag } from '../../../api/queries.js';
import { useMay } from '../../../app/session.js';
import { useT } from '../../../i18n/index.js';
import { useClusterNames } from '../../../ui/cluster-names.js';
import { findingActionText, findingText, proofText } from '../../../ui/finding.js';
import { Skeleton } from '../../../ui/Loaded.js';
import { Shape } from '../../../ui/Mark.js';
import { Ago } from '../../../ui/Time.js';
import { logTimeText } from '../../../ui/time.js';
import { toneOf } from '../../../ui/tone.js';
import { DifferenceRows } from '../Difference.js';
import type { Difference, DifferenceField } from '../difference.js';
import { ansiPieces } from '../logs/ansi.js';
import { targetOf } from './action.js';
import './why.css';

/** Why the service is not well, what speaks for it, and straight to what helps. Nothing while all is well. */
export function WhyCard({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const mayRead = useMay()('service.logs', place);
  const isIll = service.cause !== null;
  const query = useQuery({ ...whyQuery(place), enabled: isIll && mayRead });
  if (!isIll || !service.cause) return null;
  const why = query.data;
  // The short cause comes with the service: it stands here at once, and when the rest cannot be read.
  const finding = why?.finding ?? service.cause;
  const tone = toneOf.service(service.state);
  return (
    <section className={`panel why why-${tone}`} data-testid="why-card" data-kind={finding.kind}>
      <header>
        <h2>{t('why.title')}</h2>
        {why?.finding && (
          <span className="row faint">
            <span className="tag">{t(`confidence.${why.finding.confidence}`)}</span>
            {finding.since && (
              <span>
                {t('why.since')} <Ago at={finding.since} />
              </span>
            )}
          </span>
        )}
      </header>
      <p className="why-sentence" data-testid="why-sentence">
        <Shape tone={tone} /> {findingText(t, finding)}
      </p>
      {why?.finding && <Proof finding={why.finding} place={place} />}
      {why?.finding && why.finding.actions.length > 0 && <Actions finding={why.finding} place={place} />}
      {why?.finding && <Evidence why={why} place={place} />}
      {!why && query.isLoading && <Skeleton rows={4} />}
      {!why && query.isError && (
        <p className="faint">
          {t('why.unavailable')}{' '}
          <button type="button" className="link" onClick={() => void query.refetch()}>
            {t('common.retry')}
          </button>
        </p>
      )}
    </section>
  );
}

function Proof({ finding, place }: { finding: Finding; place: ServicePlace }) {
  const t = useT();
  const nameOf = useClusterNames();
  return (
    <ul className="why-proof" aria-label={t('why.proof')}>
      {finding.proof.map((row, index) => (
        <li key={index} className={'text' in row.params ? 'tag mono' : 'tag'}>
          {proofText(t, row)}
        </li>
      ))}
      {finding.container && finding.cluster && (
        <li className="tag">
          {t('why.where')}{' '}
          <Link
            className="mono"
            to="/p/$project/$env/services/$code/$tab"
            params={{ project: place.project, env: place.environment, code: place.service, tab: 'logs' }}
            search={{ cluster: finding.cluster, container: finding.container }}
          >
            {finding.container}
          </Link>{' '}
          · {nameOf(finding.cluster)}
        </li>
      )}
    </ul>
  );
}

/** At most three; the first is what helps most. */
function Actions({ finding, place }: { finding: Finding; place: ServicePlace }) {
  const t = useT();
  const params = { project: place.project, env: place.environment, code: place.service };
  return (
    <div className="row why-actions">
      {finding.actions.map((action, index) => {
        const target = targetOf(action);
        const common = {
          className: index === 0 ? 'primary-button' : 'plain-button',
          'data-testid': `why-action-${action.code}`,
        };
        return 'tab' in target ? (
          <Link
            key={action.code}
            {...common}
            to="/p/$project/$env/services/$code/$tab"
            params={{ ...params, tab: target.tab }}
            search={target.search}
          >
            {findingActionText(t, action)}
          </Link>
        ) : (
          <Link key={action.code} {...common} to="/clusters" hash={target.cluster}>
            {findingActionText(t, action)}
          </Link>
        );
      })}
    </div>
  );
}

/** The last lines, and beside them what the ill release changed. */
function Evidence({ why, place }: { why: WhyAnswer; place: ServicePlace }) {
  return (
    <div className="why-evidence">
      <Changes why={why} />
      <LastLines log={why.log} place={place} />
    </div>
  );
}

function Changes({ why: { changes } }: { why: WhyAnswer }) {
  const t = useT();
  if (!changes) return <p className="faint">{t('why.noGood')}</p>;
  return (
    <div data-testid="why-changes">
      <h3>{t('why.changed', { from: changes.from })}</h3>
      <p className="faint">
        {t('why.changedBy', { actor: changes.actor.name, to: changes.to })} · <Ago at={changes.at} />
        {changes.cause && ` · ${changes.cause}`}
      </p>
      {changes.fields.length === 0 ? (
        <p>{t('why.sameSpec')}</p>
      ) : (
        <DifferenceRows rows={changes.fields.map(asDifference)} />
      )}
    </div>
  );
}

/** `variables.DB_URL` and `size.memoryMiB` in the words of a difference. */
function asDifference({ field, from, to }: { field: string; from: string | null; to: string | null }): Difference {
  const [head = '', ...rest] = field.split('.');
  const names: Readonly<Record<string, DifferenceField>> = { variables: 'variable', ports: 'port', secrets: 'secret' };
  return {
    field: names[head] ?? (head as DifferenceField),
    ...(rest.length > 0 && { name: rest.join('.') }),
    from,
    to,
  };
}

function LastLines({ log, place }: { log: WhyAnswer['log']; place: ServicePlace }) {
  const t = useT();
  const box = useRef<HTMLPreElement>(null);
  const last = log?.lines.at(-1)?.at;
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last]);
  if (!log || log.lines.length === 0) return <p className="faint">{t('why.noLog')}</p>;
  return (
    <div>
      <h3 className="row between">
        {t(log.previous ? 'why.lastLines' : 'why.nowLines', { count: log.lines.length })}
        <Link
          to="/p/$project/$env/services/$code/$tab"
          params={{ project: place.project, env: place.environment, code: place.service, tab: 'logs' }}
          search={{ cluster: log.cluster, container: log.container, ...(log.previous && { previous: true }) }}
        >
          {t('why.openLog')}
        </Link>
      </h3>
      <pre ref={box} className="code why-log" tabIndex={0} data-testid="why-log">
        {log.lines.map((line, index) => (
          <span key={index} className={/\b(ERROR|FATAL|PANIC)\b|错误|异常/i.test(line.text) ? 'log-error' : undefined}>
            {line.at && <i>{logTimeText(line.at)} </i>}
            <span className="log-text">
              {ansiPieces(line.text).map((piece, at) => (
                <span key={at} className={piece.className || undefined}>
                  {piece.text}
                </span>
              ))}
            </span>
            {'\n'}
          </span>
        ))}
      </pre>
    </div>
  );
}
