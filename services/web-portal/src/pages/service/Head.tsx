import { Link } from '@tanstack/react-router';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, ServiceMark, Shape } from '../../ui/Mark.js';
import { Ago, Lasting } from '../../ui/Time.js';
import { imageVersion } from '../../ui/words.js';
import { Actions } from './Actions.js';
import { EnvironmentStrip } from './EnvironmentStrip.js';
import { PauseBanner } from './PauseBanner.js';

/** Name, the state in one sentence, the same service in the other environments, and what one may do. */
export function Head({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const failed = service.target && service.target.result !== 'pending' ? service.target : null;
  return (
    <header className="service-head">
      <div className="page-head">
        <div>
          <h1>
            {service.code} <span className="soft">{service.name !== service.code && service.name}</span>{' '}
            {service.unregistered && <span className="tag tag-warn">{t('deploy.unregistered')}</span>}
          </h1>
          <p className="sentence" data-testid="service-sentence">
            <EnvironmentTag environment={service.environment} />
            <ServiceMark state={service.state} testId="service-state" />
            <b className="num" data-testid="service-ready">{`${service.ready}/${service.desired}`}</b>
            {service.stateSince && service.cause && (
              <span className="mark-warn">
                <Lasting from={service.cause.since ?? service.stateSince} />
              </span>
            )}
            {service.image && (
              <span>
                <span className="mono" title={service.image} data-testid="service-version">
                  {imageVersion(service.image)}
                </span>{' '}
                <span className="num">(#{service.release})</span>
              </span>
            )}
            {failed ? (
              <FailedChange target={failed} live={service.release} />
            ) : (
              service.lastChange && <LastChange change={service.lastChange} />
            )}
            {service.reason && !service.cause && !(failed && service.reason === 'rollout_halted') && (
              <span className="mark-warn">{t.say(`cause.${service.reason}`, undefined, service.reason)}</span>
            )}
          </p>
        </div>
        <span className="grow" />
        <Actions place={place} service={service} />
      </div>
      <EnvironmentStrip place={place} />
      <PauseBanner place={place} service={service} />
      {service.candidate && (
        <p className="note" role="status">
          <Shape tone="pending" />
          {t('service.onItsWay', { release: service.candidate.release })}
          <Link to="/operations/$id" params={{ id: service.candidate.operationId }}>
            {t('service.watch')}
          </Link>
        </p>
      )}
    </header>
  );
}

/** What was tried on top of what serves, and that it came to nothing: "李雷 2 分钟前升级到 1.1 (#2) 失败，#1 仍在服务". */
function FailedChange({ target, live }: { target: NonNullable<ServiceWithEtag['target']>; live: number | null }) {
  const t = useT();
  const [before = '', after = ''] = t('service.lastChangeFailed', {
    who: target.actor.name,
    what: t(`releaseKind.${target.kind}`),
    version: imageVersion(target.spec.image),
    release: target.release,
    live: live ?? 0,
    when: '|',
  }).split('|');
  return (
    <Link
      to="/operations/$id"
      params={{ id: target.operationId }}
      className="mark-bad"
      data-testid="service-last-change"
      data-failed="true"
    >
      {before}
      <Ago at={target.createdAt} />
      {after}
    </Link>
  );
}

/** "李雷 12 分钟前升级", in the order of the language. */
function LastChange({ change }: { change: NonNullable<ServiceWithEtag['lastChange']> }) {
  const t = useT();
  const kind = t.say(`operationKind.${change.kind}`, undefined, change.kind);
  const what = change.failed ? t('service.changeFailed', { what: kind }) : kind;
  const [before = '', after = ''] = t('service.lastChange', { who: change.actor.name, what, when: '|' }).split('|');
  return (
    <Link to="/operations/$id" params={{ id: change.operationId }} className="soft" data-testid="service-last-change">
      {before}
      <Ago at={change.at} />
      {after}
    </Link>
  );
}
