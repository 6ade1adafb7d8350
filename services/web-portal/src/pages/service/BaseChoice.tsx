import { Radio } from 'antd';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';
import { imageVersion } from '../../ui/words.js';
import type { Base } from './bases.js';

interface Props {
  readonly bases: readonly Base[];
  readonly release: number;
  readonly onChoose: (base: Base) => void;
}

/** Which release the change begins with, while what serves is not what was wanted. */
export function BaseChoice({ bases, release, onChoose }: Props) {
  const t = useT();
  if (bases.length < 2) return null;
  return (
    <section className="base-choice" data-testid="settings-base">
      <h3>
        <Shape tone={bases[0]?.standing === 'failed' ? 'bad' : 'pending'} /> {t('settings.base')}
      </h3>
      <Radio.Group
        aria-label={t('settings.base')}
        value={release}
        onChange={(event) => {
          const chosen = bases.find((base) => base.release === event.target.value);
          if (chosen) onChoose(chosen);
        }}
        options={bases.map((base) => ({
          value: base.release,
          label: (
            <span data-testid={`settings-base-${base.release}`}>
              {t(`settings.base.${base.standing}`, { release: base.release })}{' '}
              <span className="mono faint">{imageVersion(base.spec.image)}</span>
            </span>
          ),
        }))}
      />
      <p className="faint">{t('settings.baseHint')}</p>
    </section>
  );
}
