import type { Problem } from '@berth/contracts';
import type { ReactNode } from 'react';
import { ProblemError, problemFrom, problemText } from '../api/problem.js';
import { useT } from '../i18n/index.js';
import { Copy } from './Copy.js';
import { Shape } from './Mark.js';

interface Props {
  readonly problem: Problem;
  readonly correlationId?: string | null | undefined;
  readonly actions?: ReactNode;
  /** What still serves, when the page knows it better than the problem. */
  readonly serving?: string | undefined;
}

/** What happened · what still works · who must act · what to do. */
export function ProblemNote({ problem, correlationId, actions, serving }: Props) {
  const t = useT();
  const text = problemText(t, problem);
  const stillWorks = text.stillWorks ?? serving ?? null;
  return (
    <section className="problem" role="alert" data-testid="problem" data-code={problem.code}>
      <h3>
        <Shape tone="bad" /> {text.title}
      </h3>
      <dl>
        <dt>{t('problem.what')}</dt>
        <dd>{text.detail}</dd>
        {text.rows.length > 0 && (
          <dd>
            <ul>
              {text.rows.map((row, index) => (
                <li key={index}>
                  {row.where && <code>{row.where}</code>} {row.text}
                </li>
              ))}
            </ul>
          </dd>
        )}
        {stillWorks && (
          <>
            <dt>{t('problem.serves')}</dt>
            <dd>{stillWorks}</dd>
          </>
        )}
        <dt>{t('problem.who')}</dt>
        <dd>{t(`problem.actor.${text.actor}`)}</dd>
        {text.todo && (
          <>
            <dt>{t('problem.todo')}</dt>
            <dd>{text.todo}</dd>
          </>
        )}
      </dl>
      {(correlationId || actions) && (
        <footer>
          {correlationId && (
            <span className="faint">
              {t('problem.trace')} <Copy text={correlationId} mono />
            </span>
          )}
          {actions}
        </footer>
      )}
    </section>
  );
}

/** The same for whatever was thrown, with a way to try again. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useT();
  return (
    <ProblemNote
      problem={problemFrom(error)}
      correlationId={error instanceof ProblemError ? error.correlationId : null}
      actions={
        retry && (
          <button type="button" className="plain-button" onClick={retry}>
            {t('common.retry')}
          </button>
        )
      }
    />
  );
}
