import type { ResolvedImage, ServiceSpec } from '@berth/contracts';
import { differences, type Difference } from '@berth/api';
import { Button, Input } from 'antd';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Field, Panel } from '../../ui/Field.js';
import { secretsToSeal, specOf, type SpecDraft } from '../deploy/draft.js';
import { PlacementTable, type usePlacement } from '../deploy/PlacementField.js';
import { Warnings } from '../deploy/Warnings.js';
import { DifferenceRows } from './Difference.js';
import type { KeptUpgrade } from './kept-upgrade.js';

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly kept: KeptUpgrade;
  readonly image: ResolvedImage | undefined;
  readonly preview: ReturnType<typeof usePlacement>;
  readonly isStale: boolean;
  readonly busy: boolean;
  readonly wrong: number;
  readonly restored: boolean;
  readonly onCause: (cause: string) => void;
  readonly onReset: () => void;
}

/** Beside the form: what would change, whether there is room for it, what may go wrong, why, and the button. */
export function UpgradeSide(props: Props) {
  const t = useT();
  const may = useMay();
  const { place, service, kept, image, isStale, busy, preview } = props;
  const { base, draft, cause, copiedFrom } = kept;
  const isProd = place.environment === 'prod';
  const changes = changesOf(base.spec, draft);
  const isOtherDigest = image !== undefined && image.digest !== base.digest;
  const isChanged = changes.length > 0 || isOtherDigest;
  // What failed may be tried again as it is, and what serves may be put in its place.
  const maySend = isChanged || service.target !== null;
  const replicas = service.placement?.total ?? service.desired;
  const mayDeploy = may('service.deploy', place);
  return (
    <aside className="deploy-side stack" aria-label={t('settings.changes', { count: changes.length })}>
      <Panel
        title={t('settings.changes', { count: changes.length })}
        testId="upgrade-changes"
        extra={
          isChanged && (
            <button type="button" className="link" onClick={props.onReset} data-testid="upgrade-reset">
              {t('settings.reset')}
            </button>
          )
        }
      >
        {props.restored && isChanged && (
          <p className="faint">
            {copiedFrom
              ? t('settings.copied', {
                  environment: t.say(`environment.${copiedFrom.environment}`, undefined, copiedFrom.environment),
                  release: copiedFrom.release,
                })
              : t('settings.restored')}
          </p>
        )}
        {changes.length > 0 && <DifferenceRows rows={changes} />}
        {!isChanged && (
          <p className="faint">
            {maySend ? t('settings.sameAgain', { release: base.release }) : t('settings.nothingChanged')}
          </p>
        )}
        {service.spec && service.target && base.release === service.target.release && (
          <AgainstLive live={service.spec} release={service.release ?? 0} draft={draft} />
        )}
        {changes.length === 0 && isOtherDigest && <p>{t('settings.otherDigest')}</p>}
        <Warnings spec={draft} environment={place.environment} replicas={replicas} image={image} />
        <Field label={t('deploy.cause')} required={isProd} hint={isProd ? t('deploy.causeHint') : null}>
          {(ids) => (
            <Input.TextArea
              {...ids}
              autoSize={{ minRows: 1, maxRows: 4 }}
              value={cause}
              maxLength={500}
              data-testid="upgrade-cause"
              onChange={(event) => props.onCause(event.target.value)}
            />
          )}
        </Field>
        <div>
          <Button
            block
            type="primary"
            size="large"
            htmlType="submit"
            loading={busy}
            disabled={!mayDeploy || isStale || !maySend || (isProd && cause.trim() === '')}
            data-testid="upgrade-submit"
          >
            {isProd ? t('settings.submitProd') : t('action.upgrade')}
          </Button>
        </div>
        <p className="field-error" role="status">
          {!mayDeploy
            ? t('common.noRight', { right: t('right.service.deploy') })
            : isStale
              ? t('settings.mergeFirst')
              : props.wrong > 0
                ? t('deploy.wrongFields', { count: props.wrong })
                : isProd && maySend && cause.trim() === '' && t('invalid.cause')}
        </p>
      </Panel>
      {maySend && (
        <Panel title={t('deploy.split')}>
          <PlacementTable preview={preview} />
        </Panel>
      )}
    </aside>
  );
}

/** What the containers that serve would see of it: the failed release was never theirs. */
function AgainstLive({ live, release, draft }: { live: ServiceSpec; release: number; draft: SpecDraft }) {
  const t = useT();
  const rows = changesOf(live, draft);
  return (
    <div data-testid="upgrade-against-live">
      <h3 className="dialog-part">{t('settings.againstLive', { release })}</h3>
      {rows.length === 0 ? <p className="faint">{t('difference.none')}</p> : <DifferenceRows rows={rows} />}
    </div>
  );
}

/** What the draft changes, new secret values with it. */
function changesOf(base: ServiceSpec, draft: SpecDraft): Difference[] {
  const rows = differences({ spec: base, image: null }, { spec: specOf(draft) as ServiceSpec, image: null });
  const sealed = secretsToSeal(draft)
    .filter((row) => !rows.some((other) => other.field === 'secret' && other.name === row.name))
    .map(({ name }): Difference => ({ field: 'secret', name, from: '', to: '' }));
  return [...rows, ...sealed];
}
