import { Link } from '@tanstack/react-router';
import type { Container } from '@berth/api';
import type { ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { ContainerMark, Mark, Shape } from '../../ui/Mark.js';
import { Lasting } from '../../ui/Time.js';
import { toneOf } from '../../ui/tone.js';
import { containerWords, ownWords } from './container-words.js';
import type { MatrixCell, MatrixRow } from './matrix.js';

/** Cluster × container: the signature of the service page. Over 24 cells in a row they shrink to their shapes. */
export function Matrix({ place, rows }: { place: ServicePlace; rows: readonly MatrixRow[] }) {
  const t = useT();
  const nameOf = useClusterNames();
  if (rows.length === 0) return <p className="faint">{t('overview.noContainers')}</p>;
  return (
    <div className="matrix">
      {rows.map((row) => (
        <div key={row.cluster} className={row.fresh ? 'matrix-row' : 'matrix-row silent'}>
          <div className="matrix-cluster">
            <b>{nameOf(row.cluster)}</b>
            <span className="num" data-testid={`replica-count-${row.cluster}`}>{`${row.ready}/${row.desired}`}</span>
            {row.reason && <span className="faint">{t.say(`share.${row.reason}`, undefined, row.reason)}</span>}
            {!row.fresh && <Mark tone="unknown">{t('cause.cluster_silent')}</Mark>}
          </div>
          <ul className={row.cells.length > 24 ? 'matrix-cells tight' : 'matrix-cells'}>
            {row.cells.map((cell) => (
              <Cell
                key={cell.kind === 'missing' ? `missing-${cell.index}` : cell.container.uid}
                cell={cell}
                place={place}
                tight={row.cells.length > 24}
              />
            ))}
            {row.cells.length === 0 && <li className="faint">{t('overview.noContainers')}</li>}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Cell({ cell, place, tight }: { cell: MatrixCell; place: ServicePlace; tight: boolean }) {
  const t = useT();
  if (cell.kind === 'missing') return <MissingCell cell={cell} tight={tight} />;
  const { container } = cell;
  const tone = toneOf.container(container.state);
  return (
    <li
      className={`cell cell-${tone}`}
      data-testid="replica-cell"
      data-state={container.state}
      data-ready={container.ready}
    >
      <Link
        to="/p/$project/$env/services/$code/$tab"
        params={{ project: place.project, env: place.environment, code: place.service, tab: 'logs' }}
        search={{ cluster: container.cluster, container: container.name }}
        title={[container.name, container.node, container.ip, containerWords(t, container), ownWords(container)]
          .filter(Boolean)
          .join('\n')}
        {...(tight && { 'aria-label': `${container.name}: ${t(`containerState.${container.state}`)}` })}
      >
        {tight ? <Shape tone={tone} /> : <CellText container={container} />}
      </Link>
    </li>
  );
}

/** A replica that is wanted and not there: the reason, in the cluster's words where it has any, and since when. */
function MissingCell({ cell, tight }: { cell: Extract<MatrixCell, { kind: 'missing' }>; tight: boolean }) {
  const t = useT();
  const word = t.say(`missing.${cell.reason}`, undefined, t.say(`cause.${cell.reason}`, undefined, cell.reason));
  return (
    <li
      className="cell cell-missing"
      data-testid="replica-cell"
      data-state="missing"
      data-reason={cell.reason}
      title={[word, cell.detail].filter(Boolean).join('\n')}
    >
      {tight ? (
        <>
          <Shape tone="unknown" />
          <span className="visually-hidden">{word}</span>
        </>
      ) : (
        <>
          <span className="soft">
            {word} {cell.since && <Lasting from={cell.since} />}
          </span>
          {cell.detail && <span className="faint cell-detail">{cell.detail}</span>}
        </>
      )}
    </li>
  );
}

function CellText({ container }: { container: Container }) {
  const t = useT();
  const words = containerWords(t, container);
  const isGoing = container.state === 'terminating' || container.state === 'ended';
  return (
    <>
      <span className="row between">
        <ContainerMark state={container.state} />
        <span className="faint num">#{container.release ?? '?'}</span>
      </span>
      <span className="faint num cut">
        <Lasting from={container.startedAt ?? container.createdAt} to={isGoing ? container.endedAt : null} />
        {container.restarts > 0 && (
          <b className="mark-warn"> · {t('container.restarted', { count: container.restarts })}</b>
        )}
      </span>
      {words && <span className="cut cell-words">{words}</span>}
      <span className="faint mono cut">{container.ip ?? ''}</span>
      <span className="faint mono cut">{container.node ?? ''}</span>
    </>
  );
}
