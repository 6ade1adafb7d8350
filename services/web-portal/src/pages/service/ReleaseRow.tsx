import type { Release } from '@berth/api';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Mark, Shape } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import type { Tone } from '../../ui/tone.js';
import { imageVersion, shortDigest } from '../../ui/words.js';
import { ReasonedButton } from './ReasonedButton.js';
import { obstacleTo } from './rollback.js';

const resultTone: Record<Release['result'], Tone> = {
  pending: 'pending',
  available: 'ok',
  failed: 'bad',
  unfinished: 'off',
};

interface Props {
  readonly place: ServicePlace;
  readonly service: ServiceWithEtag;
  readonly release: Release;
  readonly isComparable: boolean;
  readonly isOpen: boolean;
  readonly onCompare: () => void;
  readonly onBack: () => void;
}

/** One release: what, who, why, when, how it went, and the two things one does with it. */
export function ReleaseRow({ place, service, release, isComparable, isOpen, onCompare, onBack }: Props) {
  const t = useT();
  const may = useMay();
  const obstacle = obstacleTo(release, service);
  return (
    <tr data-testid={`release-${release.number}`} className={release.live ? 'live-row' : undefined}>
      <td className="num nowrap">
        <b>#{release.number}</b> {release.live && <span className="tag tag-brand">{t('release.live')}</span>}
        {service.target?.release === release.number && release.result === 'failed' && (
          <span className="tag tag-bad">{t('release.halted')}</span>
        )}
        {release.lastGood && <span className="tag tag-ok">{t('release.lastGood')}</span>}
      </td>
      <td className="nowrap">
        <span className="mono" title={release.spec.image}>
          {imageVersion(release.spec.image)}
        </span>{' '}
        <span className="faint mono" title={release.image.digest}>
          {shortDigest(release.image.digest)}
        </span>
        <InRegistry state={release.imageInRegistry} />
      </td>
      <td className="nowrap">
        {release.kind === 'rollback' ? t('release.backTo', { from: release.from }) : t(`releaseKind.${release.kind}`)}
      </td>
      <td className="nowrap">{release.actor.name}</td>
      <td className="soft wide-cause">{release.cause ?? '–'}</td>
      <td className="nowrap">
        <Link to="/operations/$id" params={{ id: release.operationId }} className="quiet">
          <Ago at={release.createdAt} />
        </Link>
      </td>
      <td className="num nowrap">{release.readyAfterMs === null ? '–' : durationText(release.readyAfterMs)}</td>
      <td className="nowrap">
        <Mark tone={resultTone[release.result]}>{t(`releaseResult.${release.result}`)}</Mark>
      </td>
      <td className="nowrap">
        {isComparable && (
          <Button
            size="small"
            type="text"
            aria-expanded={isOpen}
            data-testid={`compare-${release.number}`}
            onClick={onCompare}
          >
            {t('release.difference')}
          </Button>
        )}
        {may('service.rollback', place) && (
          <ReasonedButton
            size="small"
            label={t('release.rollbackTo')}
            reason={obstacle && t(obstacle)}
            testId={`rollback-to-${release.number}`}
            onClick={onBack}
          />
        )}
      </td>
    </tr>
  );
}

function InRegistry({ state }: { state: Release['imageInRegistry'] }) {
  const t = useT();
  if (state === 'yes') return null;
  return (
    <div className={state === 'no' ? 'mark mark-warn image-gone' : 'mark mark-unknown image-gone'}>
      <Shape tone={state === 'no' ? 'warn' : 'unknown'} />
      {t(state === 'no' ? 'release.gone' : 'release.registryUnknown')}
    </div>
  );
}
