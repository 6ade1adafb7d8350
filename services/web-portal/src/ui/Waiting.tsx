import { useT } from '../i18n/index.js';

/** Over a list that is held: so much came meanwhile. */
export function Waiting({ count, onTake }: { count: number; onTake: () => void }) {
  const t = useT();
  if (count === 0) return null;
  return (
    <button type="button" className="chip waiting" onClick={onTake} data-testid="waiting">
      {t('common.waiting', { count })}
    </button>
  );
}
