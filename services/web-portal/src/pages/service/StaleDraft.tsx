import type { ServiceSpec } from '@berth/contracts';
import type { Difference } from '@berth/api';
import { Button, Radio } from 'antd';
import { useState } from 'react';
import type { ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import type { SpecDraft } from '../deploy/draft.js';
import { changesUnder, rebased, type TheirChange } from './three-way.js';

interface Props {
  readonly base: ServiceSpec;
  readonly draft: SpecDraft;
  readonly service: ServiceWithEtag & { readonly spec: ServiceSpec };
  readonly onMerge: (draft: SpecDraft) => void;
  readonly onTakeTheirs: () => void;
}

/** Somebody was faster: what they changed, what of it I changed too, and the way on. */
export function StaleDraft({ base, draft, service, onMerge, onTakeTheirs }: Props) {
  const t = useT();
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const changes = changesUnder(base, draft, service.spec);
  const conflicts = changes.filter((row) => row.mine !== null).length;
  const choose = (key: string, isTheirs: boolean) => {
    const next = new Set(theirs);
    if (isTheirs) next.add(key);
    else next.delete(key);
    setTheirs(next);
  };
  const { lastChange } = service;
  return (
    <section className="stale-draft" role="status" data-testid="stale-draft">
      <h3>
        <Shape tone="warn" /> {t('settings.staleTitle')}
      </h3>
      <p className="soft">
        {lastChange && (
          <>
            {lastChange.actor.name} · {t.say(`operationKind.${lastChange.kind}`, undefined, lastChange.kind)} ·{' '}
            <Ago at={lastChange.at} />
            {' · '}
          </>
        )}
        {changes.length === 0 ? t('settings.staleSame') : t('settings.staleText', { conflicts })}
      </p>
      <ul className="difference">
        {changes.map((row) => (
          <ChangeRow
            key={row.key}
            change={row}
            isTheirs={theirs.has(row.key)}
            onChoose={(isTheirs) => choose(row.key, isTheirs)}
          />
        ))}
      </ul>
      <div className="row">
        <Button
          type="primary"
          onClick={() => onMerge(rebased(base, draft, service.spec, theirs))}
          data-testid="stale-keep"
        >
          {t('settings.keepDraft')}
        </Button>
        <Button onClick={onTakeTheirs} data-testid="stale-take">
          {t('settings.takeTheirs')}
        </Button>
      </div>
    </section>
  );
}

function ChangeRow({
  change,
  isTheirs,
  onChoose,
}: {
  change: TheirChange;
  isTheirs: boolean;
  onChoose(theirs: boolean): void;
}) {
  const t = useT();
  const { theirs, mine } = change;
  const value = (row: Difference) =>
    row.field === 'secret' ? t('difference.secretChanged') : (row.to ?? t('difference.removed'));
  return (
    <li>
      <span className="soft">
        {t(`difference.${theirs.field}`)} {theirs.name && <code>{theirs.name}</code>}
      </span>
      {mine === null ? (
        <span>
          {theirs.from !== null && theirs.field !== 'secret' && <del>{theirs.from}</del>} <ins>{value(theirs)}</ins>
        </span>
      ) : (
        <Radio.Group
          aria-label={t(`difference.${theirs.field}`)}
          value={isTheirs}
          onChange={(event) => onChoose(event.target.value === true)}
          options={[
            { value: false, label: t('settings.mine', { value: value(mine) }) },
            { value: true, label: t('settings.theirs', { value: value(theirs) }) },
          ]}
        />
      )}
    </li>
  );
}
