import { useQueries } from '@tanstack/react-query';
import { isFinal } from '@berth/contracts';
import { Link } from '@tanstack/react-router';
import { Modal } from 'antd';
import { operationQuery } from '../../api/queries.js';
import { problemFrom, problemText } from '../../api/problem.js';
import { useT } from '../../i18n/index.js';
import { Mark, OperationMark } from '../../ui/Mark.js';

/** What became of one service's command. */
export type Sent =
  | { readonly state: 'sending' }
  | { readonly state: 'accepted'; readonly operationId: string }
  | { readonly state: 'refused'; readonly error: unknown };

interface Props {
  readonly title: string;
  readonly sent: ReadonlyMap<string, Sent>;
  readonly onClose: () => void;
}

/** Every service with its own operation, live. Closing ends nothing: operations go on. */
export function BulkProgress({ title, sent, onClose }: Props) {
  const t = useT();
  const rows = [...sent.entries()];
  const ids = rows.flatMap(([, row]) => (row.state === 'accepted' ? [row.operationId] : []));
  const operations = useQueries({ queries: ids.map((id) => operationQuery(id)) });
  const byId = new Map(operations.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])));
  const over = rows.filter(
    ([, row]) =>
      row.state === 'refused' || (row.state === 'accepted' && isFinal(byId.get(row.operationId)?.state ?? 'running')),
  ).length;
  return (
    <Modal
      open
      width={640}
      title={title}
      onCancel={onClose}
      footer={
        <button type="button" className="primary-button" onClick={onClose} data-testid="bulk-close">
          {t('bulk.close')}
        </button>
      }
    >
      <p role="status" data-testid="bulk-progress" data-over={over}>
        {t('bulk.progress', { over, total: rows.length })}
      </p>
      <div className="bulk-rows" tabIndex={0} role="group" aria-label={t('bulk.rows')}>
        <table className="plain">
          <tbody>
            {rows.map(([key, row]) => (
              <tr key={key}>
                <td>{key}</td>
                <td>
                  {row.state === 'sending' && <Mark tone="pending">{t('bulk.sending')}</Mark>}
                  {row.state === 'refused' && <Mark tone="warn">{problemText(t, problemFrom(row.error)).title}</Mark>}
                  {row.state === 'accepted' && (
                    <Link to="/operations/$id" params={{ id: row.operationId }}>
                      <OperationMark state={byId.get(row.operationId)?.state ?? 'accepted'} />
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
