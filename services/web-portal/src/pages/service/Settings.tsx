import { ServiceSpec } from '@berth/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { z } from 'zod';
import { ProblemError } from '../../api/problem.js';
import { keyOf, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Panel } from '../../ui/Field.js';
import { Empty } from '../../ui/Loaded.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { draftOf, SpecDraft, specErrors, withoutSecretValues } from '../deploy/draft.js';
import { PortsField, SizeField } from '../deploy/fields.js';
import { ImageField, useResolvedImage } from '../deploy/ImageField.js';
import { useKept } from '../deploy/kept.js';
import { MoreFields } from '../deploy/MoreFields.js';
import { usePlacement } from '../deploy/PlacementField.js';
import { attemptFor, upgrade, type Attempt } from '../deploy/submit.js';
import '../deploy/deploy.css';
import { edited, editTarget } from './edit.js';
import { StaleDraft } from './StaleDraft.js';
import { UpgradeSide } from './UpgradeSide.js';

export function Settings({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const { spec } = service;
  if (!spec) return <Empty title={t('settings.noSpec')} />;
  return <UpgradeForm place={place} service={{ ...service, spec }} />;
}

/** A draft and what it was begun on. */
const KeptUpgrade = z.object({
  base: z.object({ spec: ServiceSpec, etag: z.string(), version: z.number() }),
  draft: SpecDraft,
  cause: z.string(),
});
type KeptUpgrade = z.infer<typeof KeptUpgrade>;

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
  const fromService = (): KeptUpgrade => ({
    base: { spec: service.spec, etag: service.etag, version: service.specVersion },
    draft: draftOf(service.spec),
    cause: '',
  });
  const kept = useKept(
    {
      key: `settings.${keyOf(place)}`,
      shape: KeptUpgrade,
      withoutSecrets: (value: KeptUpgrade) => ({ ...value, draft: withoutSecretValues(value.draft) }),
    },
    () => {
      const start = fromService();
      return { ...start, draft: edited(start.draft, wish) };
    },
  );
  const { base, draft, cause } = kept.value;
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const attempt = useRef<Attempt | null>(null);
  const found = specErrors(draft);
  const change = (part: Partial<SpecDraft>) =>
    kept.change((before) => ({ ...before, draft: { ...before.draft, ...part } }));
  const fields = { spec: draft, change, errors: tried ? found : {} };
  const resolved = useResolvedImage(place, draft.image, draft.registryCredential);
  const preview = usePlacement(place, {
    size: { cpuMillis: draft.cpuMillis, memoryMiB: draft.memoryMiB },
    replicas: service.placement?.total ?? service.desired,
    policy: service.placement?.policy ?? { mode: 'spread', clusters: [], minPerCluster: 0 },
    service: service.code,
  });
  const isStale = service.specVersion !== base.version;
  useEdit(wish, () => kept.change((before) => ({ ...before, draft: edited(before.draft, wish) })), kept.restored);

  const rebase = (merged: SpecDraft) => {
    kept.change((before) => ({ ...fromService(), draft: merged, cause: before.cause }));
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
      kept.forget();
      await navigate({ to: '/operations/$id', params: { id } });
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.status !== 0) attempt.current = null;
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
        {isStale && (
          <StaleDraft
            base={base.spec}
            draft={draft}
            service={service}
            onMerge={rebase}
            onTakeTheirs={() => rebase(draftOf(service.spec))}
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
        {...{ place, service, draft, cause, base: base.spec, isStale, busy, preview }}
        image={resolved.data?.image}
        wrong={tried ? Object.keys(found).length : 0}
        restored={kept.restored}
        onCause={(text) => kept.change((before) => ({ ...before, cause: text }))}
        onReset={() => {
          kept.forget(fromService());
          setTried(false);
          setRefusal(null);
        }}
      />
    </form>
  );
}

/** Goes to the field that the address names, filled in. A draft that was there before is changed by it, too. */
function useEdit(wish: Parameters<typeof editTarget>[0], apply: () => void, restored: boolean): void {
  const target = editTarget(wish);
  const first = useRef({ apply, restored });
  useEffect(() => {
    if (!target) return;
    if (first.current.restored) first.current.apply();
    const frame = requestAnimationFrame(() => {
      const area = [...document.querySelectorAll<HTMLElement>('[data-edit]')].find(
        (row) => row.dataset.edit === target,
      );
      if (!area) return;
      area.scrollIntoView({ block: 'center' });
      area.classList.add('edit-here');
      const input = area.matches('input,textarea') ? area : area.querySelector<HTMLElement>('input,textarea');
      input?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
}
