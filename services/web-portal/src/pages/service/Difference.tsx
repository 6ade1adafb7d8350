import type { Release } from '@berth/api';
import { createTwoFilesPatch } from 'diff';
import { useState } from 'react';
import { stringify } from 'yaml';
import { useT } from '../../i18n/index.js';
import { differences } from './difference.js';

type Side = Pick<Release, 'spec' | 'number' | 'image'>;

/** First what changes in meaning, then the text. */
export function Difference({ before, after }: { before: Side; after: Side }) {
  const t = useT();
  const [isYaml, setYaml] = useState(false);
  const rows = differences(before, after);
  return (
    <div className="difference" data-testid="release-difference">
      <div className="row between">
        <b className="num">{`#${before.number} → #${after.number}`}</b>
        <button type="button" className="link" aria-pressed={isYaml} onClick={() => setYaml(!isYaml)}>
          {isYaml ? t('difference.byMeaning') : 'YAML'}
        </button>
      </div>
      {rows.length === 0 && <p className="faint">{t('difference.none')}</p>}
      {isYaml ? (
        <YamlDifference before={before} after={after} />
      ) : (
        <ul>
          {rows.map((row) => (
            <li key={`${row.field}${row.name ?? ''}`}>
              <span className="soft">
                {t(`difference.${row.field}`)} {row.name && <code>{row.name}</code>}
              </span>
              <span>
                {row.from !== null && (
                  <del>{row.field === 'secret' && row.to !== null ? t('difference.secretChanged') : row.from}</del>
                )}
                {row.to !== null && !(row.field === 'secret' && row.from !== null) && <ins>{row.to}</ins>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function YamlDifference({ before, after }: { before: Side; after: Side }) {
  const text = (side: Side) => stringify({ ...side.spec, digest: side.image.digest }, { sortMapEntries: true });
  const patch = createTwoFilesPatch(`#${before.number}`, `#${after.number}`, text(before), text(after), '', '', {
    context: 3,
  });
  return (
    <pre className="code patch">
      {patch
        .split('\n')
        .slice(1)
        .map((line, index) => (
          <span key={index} className={line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : undefined}>
            {`${line}\n`}
          </span>
        ))}
    </pre>
  );
}
