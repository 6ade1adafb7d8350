import { routes, type Operation } from '@berth/api';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.js';
import type { ServicePlace } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { effectText } from '../../ui/effect.js';
import { permissionOf } from './cancel.js';
import { ConfirmDialog } from './ConfirmDialog.js';

interface Props {
  readonly operation: Operation;
  readonly place: ServicePlace;
}

const repeatable: readonly Operation['kind'][] = [
  'service.scale',
  'service.split',
  'service.start',
  'service.stop',
  'service.restart',
];

/** Two or three ways on after an end that was no success. */
export function Next({ operation, place }: Props) {
  const { kind, state } = operation;
  if (state === 'superseded') return null;
  if (kind === 'service.deploy' && state !== 'failed') return <FixDeploy place={place} />;
  return (
    <span className="row">
      {repeatable.includes(kind) && <Again operation={operation} place={place} />}
      <ServiceLinks operation={operation} place={place} />
    </span>
  );
}

/** Nothing was made: back to the form, which has kept the draft. */
function FixDeploy({ place }: Pick<Props, 'place'>) {
  const t = useT();
  return (
    <Link
      className="plain-button"
      to="/p/$project/$env/deploy"
      params={{ project: place.project, env: place.environment }}
      search={{ code: place.service }}
    >
      {t('operation.tryAgain')}
    </Link>
  );
}

function ServiceLinks({ operation: { kind, state }, place }: Props) {
  const t = useT();
  const to = (tab: string) => ({
    to: '/p/$project/$env/services/$code/$tab' as const,
    params: { project: place.project, env: place.environment, code: place.service, tab },
    search: {},
  });
  const isChange = kind === 'service.upgrade' || kind === 'service.rollback' || kind === 'service.deploy';
  return (
    <>
      {state === 'failed' && (
        <>
          <Link className="plain-button" {...to('logs')}>
            {t('tab.logs')}
          </Link>
          <Link className="plain-button" {...to('events')}>
            {t('tab.events')}
          </Link>
        </>
      )}
      {isChange && (
        <Link className="plain-button" {...to('settings')} search={{ base: 'target' }}>
          {t('operation.fix')}
        </Link>
      )}
      {kind === 'service.upgrade' && state === 'failed' && (
        <Link className="plain-button" {...to('releases')}>
          {t('action.rollback')}
        </Link>
      )}
    </>
  );
}

/** The same once more, as an operation of its own. */
function Again({ operation, place }: Props) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const { kind, effect } = operation;
  const permission = permissionOf(kind);
  const { replicas, policy } = effect?.to ?? {};
  if (!permission || !may(permission, place)) return null;
  if ((kind === 'service.scale' && replicas === undefined) || (kind === 'service.split' && !policy)) return null;
  const send = async (cause: string | undefined) => {
    const body = cause ? { cause } : {};
    const options = { params: place, idempotencyKey: key, body };
    const calls: Partial<Record<Operation['kind'], () => Promise<{ operationId: string }>>> = {
      'service.scale': () => call(routes.scaleService, { ...options, body: { ...body, replicas: replicas ?? 1 } }),
      ...(policy && {
        'service.split': () => call(routes.splitService, { ...options, body: { ...body, policy } }),
      }),
      'service.start': () => call(routes.startService, options),
      'service.stop': () => call(routes.stopService, options),
      'service.restart': () => call(routes.restartService, options),
    };
    const accepted = await calls[kind]?.();
    setOpen(false);
    if (accepted) await navigate({ to: '/operations/$id', params: { id: accepted.operationId } });
  };
  const what = [t(`operationTitle.${kind}`, { target: place.service }), effectText(t, operation)];
  return (
    <>
      <button type="button" className="plain-button" data-testid="op-again" onClick={() => setOpen(true)}>
        {t('operation.again')}
      </button>
      {isOpen && (
        <ConfirmDialog
          title={`${t('operation.again')}: ${what[0]}`}
          environment={place.environment}
          okText={t('operation.again')}
          testId="dialog-again"
          cause={operation.cause ?? ''}
          onSend={send}
          onClose={() => setOpen(false)}
        >
          <p>{t('operation.again.text', { what: what.filter(Boolean).join(' · ') })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
