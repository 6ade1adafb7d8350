import type { Problem } from '@berth/contracts';
import { Input } from 'antd';
import { useState } from 'react';
import { problemText } from '../../api/problem.js';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';

const shownAtOnce = 12;

interface Props {
  readonly label: string;
  /** In the order in which they are shown. */
  readonly tags: readonly string[];
  readonly chosen: string | null;
  readonly onChoose: (tag: string) => void;
}

/** Versions as buttons; when there are many, the first of them and a search through all. */
export function VersionChips({ label, tags, chosen, onChoose }: Props) {
  const t = useT();
  const [search, setSearch] = useState('');
  const found = tags.filter((tag) => tag.includes(search.trim()));
  return (
    <div className="chips" role="group" aria-label={label} data-testid="image-versions">
      {tags.length > shownAtOnce && (
        <Input
          size="small"
          allowClear
          style={{ width: 150 }}
          aria-label={t('deploy.findVersion')}
          placeholder={t('deploy.findVersion')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {found.slice(0, shownAtOnce).map((tag) => (
        <button
          key={tag}
          type="button"
          className="chip mono"
          aria-pressed={chosen === tag}
          onClick={() => onChoose(tag)}
        >
          {tag}
        </button>
      ))}
      {found.length > shownAtOnce && (
        <span className="faint">{t('deploy.moreVersions', { count: found.length - shownAtOnce })}</span>
      )}
    </div>
  );
}

/** Which of the things is wrong, and when only the version is: those that there are, the nearest first. */
export function ImageProblem({ problem, onChoose }: { problem: Problem; onChoose: (tag: string) => void }) {
  const t = useT();
  const text = problemText(t, problem);
  const tags = (problem.errors ?? []).flatMap(({ code, params }) =>
    code === 'tag_exists' && typeof params?.tag === 'string' ? params.tag : [],
  );
  return (
    <>
      <span className="field-error" data-code={problem.code}>
        <Shape tone="bad" /> <b>{text.title}</b> {text.detail} {text.todo}
      </span>
      {tags.length > 0 && (
        <VersionChips label={t('deploy.nearVersions')} tags={tags} chosen={null} onChoose={onChoose} />
      )}
    </>
  );
}
