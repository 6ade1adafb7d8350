import { serviceStates, type ServiceState } from '@berth/contracts';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';
import { toneOf } from '../../ui/tone.js';

interface CountsProps {
  readonly counts: Partial<Record<ServiceState, number>>;
  readonly chosen: ServiceState | undefined;
  readonly onPick: (state: ServiceState | undefined) => void;
}

/** How many services are in which state; picking one filters the list. */
export function StateCounts({ counts, chosen, onPick }: CountsProps) {
  const t = useT();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="chips" role="group" aria-label={t('services.state')}>
      <button type="button" className="chip" aria-pressed={!chosen} onClick={() => onPick(undefined)}>
        {t('common.all')} <b>{total}</b>
      </button>
      {serviceStates
        .filter((state) => (counts[state] ?? 0) > 0 || state === chosen)
        .map((state) => (
          <button
            key={state}
            type="button"
            className="chip"
            aria-pressed={state === chosen}
            data-testid={`state-filter-${state}`}
            onClick={() => onPick(state === chosen ? undefined : state)}
          >
            <Shape tone={toneOf.service(state)} /> {t(`serviceState.${state}`)} <b>{counts[state] ?? 0}</b>
          </button>
        ))}
    </div>
  );
}
