import { routes, type PlacementPreview } from '@berth/api';
import type { EnvironmentName, PlacementPolicy } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { InputNumber, Select } from 'antd';
import { call } from '../../api/client.js';
import { clustersQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Shape } from '../../ui/Mark.js';
import { coresText, memoryText } from '../../ui/words.js';
import { useLater } from './useLater.js';

interface Ask {
  readonly size: { cpuMillis: number; memoryMiB: number };
  readonly replicas: number;
  readonly policy: PlacementPolicy;
  readonly service?: string;
}

/** How the replicas would be split now. `ask` is compared by content, so that every keystroke is not a question. */
export function usePlacement(place: { project: string; environment: EnvironmentName } | null, ask: Ask) {
  const asked = useLater(JSON.stringify(ask), 300);
  return useQuery({
    queryKey: ['placement', place, asked],
    queryFn: ({ signal }) =>
      call(routes.previewPlacement, {
        params: place as { project: string; environment: EnvironmentName },
        body: ask,
        signal,
      }),
    enabled: place !== null && asked === JSON.stringify(ask),
    placeholderData: (before) => before,
    retry: false,
  });
}

interface Props {
  readonly replicas: number;
  readonly policy: PlacementPolicy;
  readonly change: (part: { replicas?: number; policy?: PlacementPolicy }) => void;
}

export function PlacementField({ replicas, policy, change }: Props) {
  const t = useT();
  return (
    <div className="columns3">
      <Field label={t('deploy.replicas')}>
        {(ids) => (
          <InputNumber
            {...ids}
            data-testid="deploy-replicas"
            style={{ width: 120 }}
            min={1}
            max={1000}
            value={replicas}
            onChange={(value) => change({ replicas: value ?? 1 })}
          />
        )}
      </Field>
      <PolicyFields policy={policy} change={(next) => change({ policy: next })} />
    </div>
  );
}

interface PolicyProps {
  readonly policy: PlacementPolicy;
  readonly change: (policy: PlacementPolicy) => void;
}

/** Spread or pinned, and what goes with it. */
export function PolicyFields({ policy, change }: PolicyProps) {
  const t = useT();
  const { data: clusters } = useQuery(clustersQuery);
  const set = (part: Partial<PlacementPolicy>) => change({ ...policy, ...part });
  return (
    <>
      <Field
        label={t('deploy.policy')}
        hint={policy.mode === 'pinned' && policy.clusters.length === 0 ? t('deploy.chooseClusters') : null}
      >
        {(ids) => (
          <Select
            {...ids}
            data-testid="policy-mode"
            value={policy.mode}
            options={[
              { value: 'spread', label: t('policy.spread') },
              { value: 'pinned', label: t('policy.pinned') },
            ]}
            onChange={(mode) => set({ mode, clusters: [] })}
          />
        )}
      </Field>
      {policy.mode === 'pinned' ? (
        <Field label={t('services.clusters')}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="policy-clusters"
              mode="multiple"
              value={policy.clusters}
              options={clusters?.items.map((cluster) => ({ value: cluster.name, label: cluster.displayName })) ?? []}
              onChange={(names) => set({ clusters: names })}
            />
          )}
        </Field>
      ) : (
        <Field label={t('deploy.minPerCluster')}>
          {(ids) => (
            <InputNumber
              {...ids}
              style={{ width: 120 }}
              min={0}
              max={100}
              value={policy.minPerCluster}
              onChange={(value) => set({ minPerCluster: value ?? 0 })}
            />
          )}
        </Field>
      )}
    </>
  );
}

/** The split, a line a cluster, with the reason of each. */
export function PlacementTable({ preview }: { preview: ReturnType<typeof usePlacement> }) {
  const t = useT();
  if (preview.error) return <ErrorNote error={preview.error} />;
  if (!preview.data) return <p className="faint">{t('deploy.previewLater')}</p>;
  return (
    <div className="placement" data-testid="placement-preview" aria-live="polite">
      {!preview.data.placeable && (
        <p className="note note-bad">
          <Shape tone="bad" /> {t('deploy.notPlaceable')}
        </p>
      )}
      {preview.data.clusters.map((row) => (
        <PlacementRow key={row.cluster} row={row} request={preview.data.request} />
      ))}
    </div>
  );
}

interface RowProps {
  readonly row: PlacementPreview['clusters'][number];
  readonly request: PlacementPreview['request'];
}

function PlacementRow({ row, request }: RowProps) {
  const t = useT();
  const { code, params } = row.reason;
  const { phase } = params ?? {};
  const spoken = {
    ...params,
    ...(phase && { phase: t.say(`clusterPhase.${String(phase)}`, undefined, String(phase)) }),
  };
  const left = (free: number, one: number) => Math.max(0, free - row.replicas * one);
  const before = { cpu: coresText(row.freeCpuMillis), memory: memoryText(row.freeMemoryMiB) };
  const after = {
    cpuAfter: coresText(left(row.freeCpuMillis, request.cpuMillis)),
    memoryAfter: memoryText(left(row.freeMemoryMiB, request.memoryMiB)),
  };
  return (
    <div className="placement-row" data-testid={`placement-${row.cluster}`}>
      <b>{row.displayName}</b>
      <span className="cells" aria-hidden="true">
        {Array.from({ length: Math.min(row.replicas, 12) }, (_, index) => (
          <i key={index} />
        ))}
      </span>
      <b className="num">{row.replicas}</b>
      <span className="faint">{t.say(`reason.${code}`, spoken, code)}</span>
      <span className="faint num">
        {row.replicas > 0 ? t('deploy.freeAfter', { ...before, ...after }) : t('deploy.free', before)}
      </span>
    </div>
  );
}
