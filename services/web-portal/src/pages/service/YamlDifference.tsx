import type { Release } from '@berth/api';
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';

type Side = Pick<Release, 'spec' | 'number' | 'image'>;

/** The two releases as text, line by line. */
export function YamlDifference({ before, after }: { before: Side; after: Side }) {
  const text = (side: Side) => stringify({ ...side.spec, digest: side.image.digest }, { sortMapEntries: true });
  const patch = createTwoFilesPatch(`#${before.number}`, `#${after.number}`, text(before), text(after), '', '', {
    context: 3,
  });
  return (
    <pre className="code patch" tabIndex={0}>
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
