import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CloseOutlined } from '@ant-design/icons';
import { useEffect, useEffectEvent } from 'react';
import { sessionQuery, someOperationsQuery } from '../../api/queries.js';
import { useOwnPreferences } from '../../app/own-preferences.js';
import { useScope } from '../../app/scope.js';
import { useMayAnywhere } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';
import { firstSteps, stepsDone } from './workbench.js';

/** The first ten minutes: deploy, break, fix, roll back. It ticks from what really happened, and can be closed for good. */
export function Checklist() {
  const t = useT();
  const scope = useScope();
  const may = useMayAnywhere();
  const { own, change } = useOwnPreferences();
  const { data: me } = useQuery(sessionQuery);
  const isShown = own !== undefined && !own.checklistClosed && may('service.deploy');
  const enabled = isShown && me !== undefined;
  const { data: mine } = useQuery({
    ...someOperationsQuery({ actor: me?.id ?? '', state: 'ended', limit: 200 }),
    enabled,
  });
  const { data: failed } = useQuery({ ...someOperationsQuery({ state: 'failed', limit: 200 }), enabled });
  const before = own?.checklistDone;
  const reached = mine && failed && me ? stepsDone([...mine.items, ...failed.items], me.id) : null;
  const done = new Set([...(before ?? []), ...(reached ?? [])]);
  const isNew = before !== undefined && done.size > before.length;
  const kept = [...done].sort().join(',');
  const keep = useEffectEvent(() => change({ checklistDone: firstSteps.filter((step) => done.has(step)) }));
  // Reached once, a step stays reached: operations are pruned and pushed out of the page.
  useEffect(() => {
    if (isNew) keep();
  }, [isNew, kept]);
  if (!isShown || !reached) return null;
  return (
    <section className="checklist" aria-label={t('checklist.title')} data-testid="checklist">
      <header>
        <h2>
          {t('checklist.title')} <span className="faint num">{`${done.size}/${firstSteps.length}`}</span>
        </h2>
        <button
          type="button"
          className="icon-button"
          aria-label={t('checklist.close')}
          title={t('checklist.close')}
          data-testid="checklist-close"
          onClick={() => change({ checklistClosed: true })}
        >
          <CloseOutlined />
        </button>
      </header>
      <ol>
        {firstSteps.map((step) => (
          <li key={step} data-done={done.has(step)} data-testid={`checklist-${step}`}>
            <span className={`mark mark-${done.has(step) ? 'ok' : 'off'}`}>
              <Shape tone={done.has(step) ? 'ok' : 'unknown'} />
            </span>
            <span>
              <b>{t(`checklist.${step}`)}</b>
              <span className="visually-hidden"> {t(done.has(step) ? 'checklist.done' : 'checklist.open')}</span>
              <br />
              <span className="soft">{t(`checklist.${step}Text`)}</span>
            </span>
          </li>
        ))}
      </ol>
      {!done.has('deploy') && (
        <Link className="primary-button" to="/p/$project/$env/deploy" params={scope} search={{}}>
          {t('deploy.title')}
        </Link>
      )}
    </section>
  );
}
