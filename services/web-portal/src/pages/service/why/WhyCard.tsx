import type { Finding, Permission, WhyAnswer } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { whyQuery, type ServicePlace, type ServiceWithEtag } from '../../../api/queries.js';
import { useMay } from '../../../app/session.js';
import { useT, type Translate } from '../../../i18n/index.js';
import { useClusterNames } from '../../../ui/cluster-names.js';
import { findingActionText, findingText, proofText } from '../../../ui/finding.js';
import { Skeleton } from '../../../ui/Loaded.js';
import { Shape } from '../../../ui/Mark.js';
import { Ago } from '../../../ui/Time.js';
import { logTimeText } from '../../../ui/time.js';
import { toneOf } from '../../../ui/tone.js';
import { DifferenceRows } from '../Difference.js';
import { ansiPieces } from '../logs/ansi.js';
import { permissionFor, rolesWith, targetOf } from './action.js';
import './why.css';

/** Why the service is not well, what speaks for it, and straight to what helps. Nothing while all is well. */
export function WhyCard({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const mayRead = useMay()('service.logs', place);
  const isIll = service.cause !== null;
  const query = useQuery({ ...whyQuery(place, mayRead), enabled: isIll });
  if (!isIll || !service.cause) return null;
  const why = query.data;
  // The short cause comes with the service and stands here when the rest cannot be read. Until that is known nothing is
  // said: a log often says more, and a sentence that changes under the reader is trusted by nobody.
  const isLooking = !why && query.isLoading;
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
      <p className="why-sentence" data-testid={isLooking ? undefined : 'why-sentence'}>
        <Shape tone={tone} /> {isLooking ? <span className="faint">{t('why.looking')}</span> : findingText(t, finding)}
      </p>
      {why?.finding && <Proof finding={why.finding} place={place} />}
      {why?.finding && why.finding.actions.length > 0 && <Actions finding={why.finding} place={place} />}
      {why?.finding && <Evidence why={why} finding={why.finding} place={place} mayRead={mayRead} />}
      {isLooking && <Skeleton rows={4} />}
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

/** At most three; the first is what helps most. What the reader may not do is off, with whom to ask. */
function Actions({ finding, place }: { finding: Finding; place: ServicePlace }) {
  const t = useT();
  const may = useMay();
  const params = { project: place.project, env: place.environment, code: place.service };
  const scopeOf = (action: Finding['actions'][number]) => (action.code === 'open_cluster' ? {} : place);
  return (
    <div className="row why-actions">
      {finding.actions.map((action, index) => {
        const target = targetOf(action);
        if (!may(permissionFor(action), scopeOf(action))) return <Forbidden key={action.code} {...{ action, place }} />;
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

function Forbidden({ action, place }: { action: Finding['actions'][number]; place: ServicePlace }) {
  const t = useT();
  const text = findingActionText(t, action);
  const why = t('why.mayNot', { action: text, roles: rolesText(t, permissionFor(action), place) });
  return (
    // A button that is off gets no focus and no tooltip in some browsers: the reason is a text beside it as well.
    <span className="row why-forbidden" title={why}>
      <button type="button" className="plain-button" disabled data-testid={`why-action-${action.code}`}>
        {text}
      </button>
      <span className="faint">{t('why.ask', { roles: rolesText(t, permissionFor(action), place) })}</span>
    </span>
  );
}

const rolesText = (t: Translate, permission: Permission, { environment }: ServicePlace) =>
  rolesWith(permission, environment)
    .map((role) => t(`role.${role}`))
    .join(t('why.or'));

/** The last lines, and beside them what the ill release changed. */
function Evidence({ why, finding, place, mayRead }: EvidenceProps) {
  const t = useT();
  return (
    <div className="why-evidence">
      <Changes why={why} finding={finding} />
      {mayRead ? (
        <LastLines log={why.log} place={place} />
      ) : (
        <p className="faint">{t('why.noLogRight', { roles: rolesText(t, 'service.logs', place) })}</p>
      )}
    </div>
  );
}

interface EvidenceProps {
  readonly why: WhyAnswer;
  readonly finding: Finding;
  readonly place: ServicePlace;
  readonly mayRead: boolean;
}

function Changes({ why: { changes }, finding }: Pick<EvidenceProps, 'why' | 'finding'>) {
  const t = useT();
  const wasGood = finding.proof.find(({ code }) => code === 'well_until');
  if (wasGood) return <p className="faint">{t('why.wasGood', { release: Number(wasGood.params.release) })}</p>;
  if (!changes) return <p className="faint">{t('why.noGood')}</p>;
  return (
    <div data-testid="why-changes">
      <h3>{t('why.changed', { from: changes.from })}</h3>
      <p className="faint">
        {t('why.changedBy', { actor: changes.actor.name, to: changes.to })} · <Ago at={changes.at} />
        {changes.cause && ` · ${changes.cause}`}
      </p>
      {changes.fields.length === 0 ? <p>{t('why.sameSpec')}</p> : <DifferenceRows rows={changes.fields} />}
    </div>
  );
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
