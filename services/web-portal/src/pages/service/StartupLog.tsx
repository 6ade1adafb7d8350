import type { Container } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { containersQuery, type ServicePlace } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Panel } from '../../ui/Field.js';
import { ContainerMark } from '../../ui/Mark.js';
import { Lasting } from '../../ui/Time.js';
import { ansiPieces } from './logs/ansi.js';
import { useLog } from './logs/useLog.js';
import { startingContainer } from './startup.js';

const shownLines = 30;

/** While containers start: the last lines of the newest one, live. Nothing once all are ready, or for who may not read logs. */
export function StartupLog({ place }: { place: ServicePlace }) {
  const mayRead = useMay()('service.logs', place);
  const { data } = useQuery({ ...containersQuery(place, false), refetchInterval: 2500, enabled: mayRead });
  const container = mayRead && data ? startingContainer(data.items) : null;
  return container && <LastLines key={container.uid} place={place} container={container} />;
}

function LastLines({ place, container }: { place: ServicePlace; container: Container }) {
  const t = useT();
  const nameOf = useClusterNames();
  const box = useRef<HTMLPreElement>(null);
  const { cluster, name, state, detail, createdAt } = container;
  const view = useLog(place, {
    sources: [{ cluster, container: name }],
    previous: false,
    follow: true,
    since: null,
  });
  const lines = view.lines.slice(-shownLines);
  const last = lines.at(-1)?.id;
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last]);
  const params = { project: place.project, env: place.environment, code: place.service, tab: 'logs' };
  return (
    <Panel
      title={t('startup.title')}
      testId="startup-log"
      extra={
        <span className="row">
          <ContainerMark state={state} />
          <span className="faint num">
            <Lasting from={createdAt} />
          </span>
          <Link to="/p/$project/$env/services/$code/$tab" params={params} search={{ cluster, container: name }}>
            <span className="mono">{name}</span> · {nameOf(cluster)}
          </Link>
        </span>
      }
    >
      {lines.length === 0 ? (
        <p className="faint">
          {t('startup.nothing')} {detail && <span className="mono">{detail}</span>}
        </p>
      ) : (
        <pre ref={box} className="code startup-lines" tabIndex={0} aria-label={t('startup.title')}>
          {lines.map((line) => (
            <span key={line.id}>
              {ansiPieces(line.coloured ?? line.text).map((piece, at) => (
                <span key={at} className={piece.className || undefined}>
                  {piece.text}
                </span>
              ))}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </Panel>
  );
}
