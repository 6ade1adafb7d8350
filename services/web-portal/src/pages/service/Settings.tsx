import type { ServiceSpec } from '@berth/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ProblemError } from '../../api/problem.js';
import { keyOf, operationQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Panel } from '../../ui/Field.js';
import { Empty } from '../../ui/Loaded.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { draftOf, specErrors, type SpecDraft } from '../deploy/draft.js';
import { PortsField, SizeField } from '../deploy/fields.js';
import { ImageField, useResolvedImage } from '../deploy/ImageField.js';
import { keepDraft, useKept } from '../deploy/kept.js';
import { MoreFields } from '../deploy/MoreFields.js';
import { usePlacement } from '../deploy/PlacementField.js';
import { attemptFor, upgrade, type Attempt } from '../deploy/submit.js';
import '../deploy/deploy.css';
import { afterError } from './attempt.js';
import { BaseChoice } from './BaseChoice.js';
import { basesOf, firstBase, type Base } from './bases.js';
import { edited } from './edit.js';
import {
  freshUpgrade,
  keyOfUpgrade,
  KeptUpgrade,
  onBase,
  onSameBase,
  sentUpgrade,
  withoutUpgradeValues,
} from './kept-upgrade.js';
import { StaleDraft } from './StaleDraft.js';
import { UpgradeSide } from './UpgradeSide.js';
import { useEdit } from './useEdit.js';

export function Settings({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const { spec } = service;
  if (!spec) return <Empty title={t('settings.noSpec')} />;
  return <UpgradeForm place={place} service={{ ...service, spec }} />;
}

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag & { readonly spec: ServiceSpec };
}

/** The spec as a form; sending it is a rolling upgrade. It is made on the version that was opened, and says so. */
function UpgradeForm({ place, service }: Props) {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const wish = useSearch({ from: '/inside/p/$project/$env/services/$code/$tab' });
  const bases = basesOf(service);
  const newest = bases[0] as Base;
  const wished = firstBase(bases, wish) ?? newest;
  const kept = useKept(
    { key: keyOfUpgrade(place), shape: KeptUpgrade, withoutSecrets: withoutUpgradeValues },
    (): KeptUpgrade => {
      const start = freshUpgrade(wished, service);
      return { ...start, draft: edited(start.draft, wish) };
    },
  );
  useForgetReleased(kept, service, () => {
    const start = freshUpgrade(wished, service);
    return { ...start, draft: edited(start.draft, wish) };
  });
  const current =
    service.specVersion === kept.value.base.version ? kept.value : onSameBase(kept.value, newest, service);
  const { base, draft, cause } = current;
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const attempt = useRef<Attempt | null>(null);
  const found = specErrors(draft);
  const change = (part: Partial<SpecDraft>) =>
    kept.change((before) => ({ ...before, draft: { ...before.draft, ...part }, operation: null }));
  const fields = { spec: draft, change, errors: tried ? found : {} };
  const resolved = useResolvedImage(place, draft.image, draft.registryCredential);
  const preview = usePlacement(place, {
    size: { cpuMillis: draft.cpuMillis, memoryMiB: draft.memoryMiB },
    replicas: service.placement?.total ?? service.desired,
    policy: service.placement?.policy ?? { mode: 'spread', clusters: [], minPerCluster: 0 },
    service: service.code,
  });
  const isStale = service.specVersion !== base.version;
  const mendRestored = () =>
    kept.change((before) => {
      const moved = isStale || before.base.release === wished.release ? before : onBase(before, wished, service);
      return { ...moved, draft: edited(moved.draft, wish) };
    });
  useEdit(wish, mendRestored, kept.restored);

  const rebase = (merged: SpecDraft) => {
    kept.change((before) => ({ ...before, ...freshUpgrade(newest, service), draft: merged, cause: before.cause }));
    setRefusal(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(found).length > 0 || busy) {
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('.field-bad input, .field-bad textarea')?.focus(),
      );
      return;
    }
    setBusy(true);
    setRefusal(null);
    attempt.current = attemptFor([draft, cause, base.etag], attempt.current);
    try {
      const id = await upgrade(place, draft, cause, base.etag, attempt.current);
      keepDraft({ key: keyOfUpgrade(place), withoutSecrets: withoutUpgradeValues }, sentUpgrade(current, id));
      await navigate({ to: '/operations/$id', params: { id } });
    } catch (thrown) {
      attempt.current = afterError(attempt.current, thrown);
      if (thrown instanceof ProblemError && thrown.status === 412)
        await client.invalidateQueries({ queryKey: ['service', keyOf(place)] });
      setRefusal(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="deploy settings" onSubmit={(event) => void submit(event)} data-testid="upgrade-form" noValidate>
      <div className="deploy-main stack">
        {isStale ? (
          <StaleDraft
            base={base.spec}
            draft={draft}
            service={{ ...service, spec: newest.spec }}
            onMerge={rebase}
            onTakeTheirs={() => rebase(draftOf(newest.spec))}
          />
        ) : (
          <BaseChoice
            bases={bases}
            release={base.release}
            onChoose={(chosen) => kept.change((before) => onBase(before, chosen, service))}
          />
        )}
        {refusal !== null && !(isStale && refusal instanceof ProblemError && refusal.status === 412) && (
          <ErrorNote error={refusal} />
        )}
        <Panel title={t('settings.run')}>
          <ImageField {...fields} resolved={resolved} place={place} />
          <SizeField {...fields} reserved={preview.data?.request} />
          <PortsField {...fields} />
        </Panel>
        <Panel title={t('settings.more')}>
          <MoreFields {...fields} />
        </Panel>
      </div>
      <UpgradeSide
        {...{ place, service, kept: current, isStale, busy, preview }}
        image={resolved.data?.image}
        wrong={tried ? Object.keys(found).length : 0}
        restored={kept.restored}
        onCause={(text) => kept.change((before) => ({ ...before, cause: text }))}
        onReset={() => {
          kept.forget(freshUpgrade(bases.find((row) => row.release === base.release) ?? wished, service));
          setTried(false);
          setRefusal(null);
        }}
      />
    </form>
  );
}

/** What was sent and is a release by now has nothing left to be mended here: should it fail, the form begins with it. */
function useForgetReleased(
  kept: ReturnType<typeof useKept<KeptUpgrade>>,
  { target }: Pick<ServiceWithEtag, 'target'>,
  fresh: () => KeptUpgrade,
): void {
  const { operation } = kept.value;
  const { data } = useQuery({ ...operationQuery(operation ?? ''), enabled: operation !== null });
  const hasEnded = data?.id === operation && (data?.state === 'succeeded' || data?.state === 'failed');
  const isReleased = operation !== null && (hasEnded || target?.operationId === operation);
  useEffect(() => {
    if (isReleased) kept.forget(fresh());
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it becomes so
  }, [isReleased]);
}
