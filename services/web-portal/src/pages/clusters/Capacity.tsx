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
  const memory = t('deploy.memory');
  return (
    <table className="plain flush">
      <thead>
        <tr>
          <th scope="col">{t('clusters.node')}</th>
          <th scope="col">{t('services.state')}</th>
          <th scope="col" className="numeric">
            {t('clusters.nodeAsked', { what: 'CPU' })}
          </th>
          <th scope="col" className="numeric">
            {t('clusters.nodeUsed')}
          </th>
          <th scope="col" className="numeric">
            {t('clusters.nodeAsked', { what: memory })}
          </th>
          <th scope="col" className="numeric">
            {t('clusters.nodeUsed')}
          </th>
          <th scope="col" className="numeric">
            {t('clusters.pods')}
          </th>
        </tr>
      </thead>
      <tbody>
        {cluster.nodes.map((node) => {
          const used = usageOf(node.name);
          const isCpuKnown = typeof used?.cpuCores === 'number';
          const isMemoryKnown = typeof used?.memoryBytes === 'number';
          return (
            <tr key={node.name}>
              <td className="mono">{node.name}</td>
              <td>
                <NodeMark node={node} />
              </td>
              <td className="numeric">{`${coresText(node.requested.cpuMillis)} / ${coresText(node.allocatable.cpuMillis)}`}</td>
              <td className="numeric">{isCpuKnown ? coresLabel(used.cpuCores ?? 0) : '–'}</td>
              <td className="numeric">{`${memoryText(node.requested.memoryMiB)} / ${memoryText(node.allocatable.memoryMiB)}`}</td>
              <td className="numeric">{isMemoryKnown ? bytesLabel(used.memoryBytes ?? 0) : '–'}</td>
              <td className="numeric">{`${node.requested.pods} / ${node.allocatable.pods}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function NodeMark({ node }: { node: Cluster['nodes'][number] }) {
  const t = useT();
  if (!node.ready) return <Mark tone="bad">{t('clusters.nodeDown')}</Mark>;
  return node.schedulable ? (
    <Mark tone="ok">{t('clusters.nodeReady')}</Mark>
  ) : (
    <Mark tone="warn">{t('clusters.nodeCordoned')}</Mark>
  );
}
