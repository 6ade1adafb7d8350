import type { Cluster, NodeUsage } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { nodeUsageQuery } from '../../api/queries.js';
import { bytesLabel, coresLabel } from '../../charts/units.js';
import { useT } from '../../i18n/index.js';
import { Mark } from '../../ui/Mark.js';
import { coresText, memoryText } from '../../ui/words.js';
import { usedByCluster } from './together.js';

/** Asked, used and limit of a cluster, and the same of its nodes. What nobody measured is a dash, never zero. */
export function Capacity({ cluster }: { cluster: Cluster }) {
  const t = useT();
  const usage = useQuery(nodeUsageQuery).data?.items ?? [];
  return (
    <>
      {cluster.capacity ? (
        <CapacityBars capacity={cluster.capacity} used={usedByCluster(usage).get(cluster.name)} />
      ) : (
        <p className="faint">{t('clusters.noCapacity')}</p>
      )}
      <Nodes cluster={cluster} usage={usage} />
    </>
  );
}

interface BarsProps {
  readonly capacity: NonNullable<Cluster['capacity']>;
  readonly used: ReturnType<ReturnType<typeof usedByCluster>['get']>;
}

function CapacityBars({ capacity, used }: BarsProps) {
  const t = useT();
  const { allocatable, reserved, foreign, limits } = capacity;
  const rows = [
    { name: 'CPU', text: coresText, key: 'cpuMillis' },
    { name: t('deploy.memory'), text: memoryText, key: 'memoryMiB' },
  ] as const;
  return (
    <dl className="capacity">
      {rows.map(({ name, text, key }) => (
        <div key={key} data-testid={`capacity-${key}`}>
          <dt>{name}</dt>
          <dd>
            <Bar all={allocatable[key]} ours={reserved[key]} theirs={foreign[key]} used={used?.[key]} />
            <ul className="capacity-text num soft">
              <li>{t('clusters.asked', { ours: text(reserved[key]), theirs: text(foreign[key]) })}</li>
              <li>{t('clusters.used', { used: used ? text(used[key]) : '–' })}</li>
              <li title={t('clusters.limitText')}>{t('clusters.limit', { limit: text(limits[key]) })}</li>
              <li>{t('clusters.allocatable', { all: text(allocatable[key]) })}</li>
            </ul>
          </dd>
        </div>
      ))}
      <div>
        <dt>{t('clusters.pods')}</dt>
        <dd>
          <Bar all={allocatable.pods} ours={reserved.pods} theirs={foreign.pods} />
          <ul className="capacity-text num soft">
            <li>{t('clusters.asked', { ours: reserved.pods, theirs: foreign.pods })}</li>
            <li>{t('clusters.allocatable', { all: allocatable.pods })}</li>
          </ul>
        </dd>
      </div>
    </dl>
  );
}

/** What is asked as a filled bar, what is used as a line in it. */
function Bar({ all, ours, theirs, used }: { all: number; ours: number; theirs: number; used?: number | undefined }) {
  const share = (value: number) => `${Math.min(100, (value / Math.max(1, all)) * 100)}%`;
  return (
    <span className="bar" aria-hidden="true">
      <i className="ours" style={{ width: share(ours) }} />
      <i className="theirs" style={{ width: share(theirs) }} />
      {used !== undefined && <i className="used" style={{ left: share(used) }} />}
    </span>
  );
}

function Nodes({ cluster, usage }: { cluster: Cluster; usage: readonly NodeUsage[] }) {
  const t = useT();
  const usageOf = (node: string) => usage.find((row) => row.cluster === cluster.name && row.node === node);
  return (
    <table className="plain flush">
      <thead>
        <tr>
          <th scope="col">{t('clusters.node')}</th>
          <th scope="col">{t('services.state')}</th>
          <th scope="col" className="numeric" title={t('clusters.nodeAsked')}>
            CPU
          </th>
          <th scope="col" className="numeric" title={t('clusters.nodeAsked')}>
            {t('deploy.memory')}
          </th>
          <th scope="col" className="numeric">
            {t('clusters.pods')}
          </th>
        </tr>
      </thead>
      <tbody>
        {cluster.nodes.map(({ name, requested, allocatable, ...node }) => {
          const { cpuCores = null, memoryBytes = null } = usageOf(name) ?? {};
          return (
            <tr key={name}>
              <td className="mono nowrap">{name}</td>
              <td className="nowrap">
                <NodeMark {...node} />
              </td>
              <td className="numeric">
                {`${coresText(requested.cpuMillis)} / ${coresText(allocatable.cpuMillis)}`}
                <UsedText text={cpuCores === null ? null : coresLabel(cpuCores)} />
              </td>
              <td className="numeric">
                {`${memoryText(requested.memoryMiB)} / ${memoryText(allocatable.memoryMiB)}`}
                <UsedText text={memoryBytes === null ? null : bytesLabel(memoryBytes)} />
              </td>
              <td className="numeric nowrap">{`${requested.pods} / ${allocatable.pods}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function UsedText({ text }: { text: string | null }) {
  const t = useT();
  return <div className="faint nowrap">{t('clusters.used', { used: text ?? '–' })}</div>;
}

function NodeMark({ ready, schedulable }: { ready: boolean; schedulable: boolean }) {
  const t = useT();
  if (!ready) return <Mark tone="bad">{t('clusters.nodeDown')}</Mark>;
  return schedulable ? (
    <Mark tone="ok">{t('clusters.nodeReady')}</Mark>
  ) : (
    <Mark tone="warn">{t('clusters.nodeCordoned')}</Mark>
  );
}
