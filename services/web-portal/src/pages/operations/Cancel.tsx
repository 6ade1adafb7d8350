import { routes, type Operation } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client.js';
import { problemText } from '../../api/problem.js';
import { serviceQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { clockText } from '../../ui/time.js';
import { canCancel, clusterText, outcomeOf, outcomeText, permissionOf } from './cancel.js';
import { ConfirmDialog } from './ConfirmDialog.js';

interface Props {
  readonly operation: Operation;
  readonly place: ServicePlace;
  readonly title: string;
}

/** The button that cancels, for whoever may do what the operation does. */
export function CancelButton(props: Props) {
  const t = useT();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const permission = permissionOf(props.operation.kind);
  if (!permission || !may(permission, props.place)) return null;
  // An open dialog stays when the operation ends meanwhile: the answer then says so.
  if (!isOpen && !canCancel(props.operation)) return null;
  return (
    <>
      <button type="button" className="plain-button" data-testid="op-cancel" onClick={() => setOpen(true)}>
        {t('cancel.action')}
      </button>
      {isOpen && <CancelDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function CancelDialog({ operation, place, title, onClose }: Props & { onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { data: service } = useQuery(serviceQuery(place));
  const outcome = outcomeOf(operation, service);
  const send = async (cause: string | undefined) => {
    await call(routes.cancelOperation, { params: { id: operation.id }, body: cause ? { cause } : {} });
    onClose();
    await client.invalidateQueries({ queryKey: ['operation', operation.id] });
  };
  return (
    <ConfirmDialog
      title={t('cancel.title', { title })}
      environment={place.environment}
      okText={t('cancel.action')}
      keepText={t('cancel.keep')}
      danger
      testId="dialog-cancel"
      onSend={send}
      onClose={onClose}
    >
      <p data-testid="cancel-says">{outcomeText(t, operation, outcome, service)}</p>
      {service && outcome !== 'nothing_made' && <CancelRows operation={operation} service={service} />}
    </ConfirmDialog>
  );
}

function CancelRows({ operation, service }: { operation: Operation; service: ServiceWithEtag }) {
  const t = useT();
  const nameOf = useClusterNames();
  const outcome = outcomeOf(operation, service);
  const rows = service.clusters.map((row) => ({ row, then: clusterText(t, operation, outcome, service, row) }));
  return (
    <table className="cancel-rows" data-testid="cancel-rows">
      <thead>
        <tr>
          <th scope="col">{t('operation.split.cluster')}</th>
          <th scope="col">{t('cancel.row.now')}</th>
          {rows.some(({ then }) => then) && <th scope="col">{t('cancel.row.then')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, then }) => (
          <tr key={row.cluster}>
            <th scope="row">{nameOf(row.cluster)}</th>
            <td className="num">{t('stepSay.ready', { ready: row.ready, desired: row.desired })}</td>
            {then && <td>{then}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who asked to cancel it, and what became of that, while it runs and after an end that was another. */
export function CancelNote({ operation: { cancel, state } }: { operation: Operation }) {
  const t = useT();
  if (!cancel || state === 'cancelled') return null;
  const who = { by: cancel.actor.name, at: clockText(cancel.at) };
  if (cancel.refused) {
    const { title, detail } = problemText(t, cancel.refused);
    return (
      <p className="note note-warn" role="status" data-testid="cancel-refused">
        {t('cancel.refused', { ...who, why: `${title} · ${detail}` })}
      </p>
    );
  }
  return (
    <p className="note" role="status" data-testid="cancel-asked">
      {t('cancel.asked', who)}
    </p>
  );
}

/** The end of a cancelled operation: no failure, so not in red. Who did it, what stays, and what is not back yet. */
export function Cancelled({ operation, actions }: { operation: Operation; actions: ReactNode }) {
  const t = useT();
  const nameOf = useClusterNames();
  if (operation.state !== 'cancelled' || !operation.problem) return null;
  const { detail, stillWorks, rows } = problemText(t, operation.problem);
  const { cause } = operation.problem.params ?? {};
  return (
    <section className="note cancelled" role="status" data-testid="op-cancelled">
      <p>
        {detail} {stillWorks} {cause && <span className="soft">“{cause}”</span>}
      </p>
      {rows.map((row) => (
        <p key={row.where}>
          {nameOf(row.where)} · {row.text}
        </p>
      ))}
      {actions}
    </section>
  );
}
