import { differences, type Difference as DifferenceRow, type Release } from '@berth/api';
import { lazy, Suspense, useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Skeleton } from '../../ui/Loaded.js';

const YamlDifference = lazy(async () => ({ default: (await import('./YamlDifference.js')).YamlDifference }));

type Side = Pick<Release, 'spec' | 'number' | 'image'>;

/** First what changes in meaning, then the text. */
export function Difference({ before, after }: { before: Side; after: Side }) {
  const t = useT();
  const [isYaml, setYaml] = useState(false);
  const rows = differences(before, after);
  return (
    <div data-testid="release-difference" className="difference-box">
      <div className="row between">
        <b className="num">{`#${before.number} → #${after.number}`}</b>
        <button type="button" className="link" aria-pressed={isYaml} onClick={() => setYaml(!isYaml)}>
          {isYaml ? t('difference.byMeaning') : 'YAML'}
        </button>
      </div>
      {isYaml ? (
        <Suspense fallback={<Skeleton rows={4} />}>
          <YamlDifference before={before} after={after} />
        </Suspense>
      ) : rows.length === 0 ? (
        <p className="faint">{t('difference.none')}</p>
      ) : (
        <DifferenceRows rows={rows} />
      )}
    </div>
  );
}

/** One line a thing: what it was, what it is. A secret says only that it changed. */
export function DifferenceRows({ rows }: { rows: readonly DifferenceRow[] }) {
  const t = useT();
  return (
    <ul className="difference">
      {rows.map((row) => (
        <li key={`${row.field}${row.name ?? ''}`}>
          <span className="soft">
            {t(`difference.${row.field}`)} {row.name && <code>{row.name}</code>}
          </span>
          <Values row={row} />
        </li>
      ))}
    </ul>
  );
}

function Values({ row }: { row: DifferenceRow }) {
  const t = useT();
  if (row.field === 'secret') {
    const word = row.from === null ? 'added' : row.to === null ? 'removed' : 'secretChanged';
    return (
      <span>{word === 'removed' ? <del>{t('difference.removed')}</del> : <ins>{t(`difference.${word}`)}</ins>}</span>
    );
  }
  return (
    <span>
      {row.from !== null && <del>{row.from === '' ? '""' : row.from}</del>}
      {row.to !== null && <ins>{row.to === '' ? '""' : row.to}</ins>}
    </span>
  );
}
