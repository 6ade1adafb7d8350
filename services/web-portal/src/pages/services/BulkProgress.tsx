import type { Operation } from '@berth/api';
import { isFinal } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Modal } from 'antd';
import { sessionQuery, someOperationsQuery } from '../../api/queries.js';
import { problemFrom, problemText } from '../../api/problem.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, Mark, OperationMark } from '../../ui/Mark.js';
import { keyOfSent, type Sent } from './send.js';

interface Props {
  readonly title: string;
  readonly sent: readonly Sent[];
  readonly onRetry: (refused: readonly Sent[]) => void;
  readonly onClose: () => void;
}

/** Every service with its own operation, live. Closing ends nothing: operations go on. */
export function BulkProgress({ title, sent, onRetry, onClose }: Props) {
  const t = useT();
  const operations = useOwnOperations(sent);
  const stateOf = (row: Sent) =>
    row.state === 'accepted' ? (operations.get(row.operationId)?.state ?? 'accepted') : row.state;
  const isOver = (row: Sent) =>
    row.state === 'refused' ||
    (row.state === 'accepted' && isFinal(operations.get(row.operationId)?.state ?? 'running'));
  const over = sent.filter(isOver).length;
  const refused = sent.filter((row) => stateOf(row) === 'refused');
  const isProduction = sent.some(({ row }) => row.environment === 'prod');
  return (
    <Modal
      open
      width={640}
      title={
        <span className="row">
          {title} {isProduction && <EnvironmentTag environment="prod" />}
        </span>
      }
      onCancel={onClose}
      footer={
        <span className="row bulk-foot">
          {refused.length > 0 && (
            <button type="button" className="plain-button" onClick={() => onRetry(refused)} data-testid="bulk-retry">
              {t('bulk.retry', { count: refused.length })}
            </button>
          )}
          <button type="button" className="primary-button" onClick={onClose} data-testid="bulk-close">
            {t('bulk.close')}
          </button>
        </span>
      }
    >
      <p
        role="status"
        className={isProduction ? 'dialog-hit in-prod' : 'dialog-hit'}
        data-testid="bulk-progress"
        data-over={over}
      >
        {t('bulk.progress', { over, total: sent.length })}
      </p>
      <div className="bulk-rows" tabIndex={0} role="group" aria-label={t('bulk.rows')}>
        <table className="plain">
          <tbody>
            {sent.map((row) => (
              <tr key={keyOfSent(row)}>
                <td>
                  <EnvironmentTag environment={row.row.environment} />
                </td>
                <td>
                  <b>{row.row.code}</b> <span className="soft">{row.row.name}</span> <small>{row.row.project}</small>
                </td>
                <td>
                  <Became
                    sent={row}
                    operation={row.state === 'accepted' ? operations.get(row.operationId) : undefined}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}

function Became({ sent, operation }: { sent: Sent; operation: Operation | undefined }) {
  const t = useT();
  if (sent.state === 'sending') return <Mark tone="pending">{t('bulk.sending')}</Mark>;
  if (sent.state === 'refused') return <Mark tone="warn">{problemText(t, problemFrom(sent.error)).title}</Mark>;
  return (
    <Link to="/operations/$id" params={{ id: sent.operationId }}>
      <OperationMark state={operation?.state ?? 'accepted'} />
      {operation?.problem && <span className="soft"> {problemText(t, operation.problem).title}</span>}
    </Link>
  );
}

/** The newest operations of the reader in one list, however many there are; the feed and a poll keep it true. */
function useOwnOperations(sent: readonly Sent[]): ReadonlyMap<string, Operation> {
  const { data: me } = useQuery(sessionQuery);
  const ids = new Set(sent.flatMap((row) => (row.state === 'accepted' ? [row.operationId] : [])));
  const { data } = useQuery({
    ...someOperationsQuery({ actor: me?.id ?? '', limit: Math.min(500, 2 * sent.length + 50) }),
    enabled: me !== undefined && ids.size > 0,
    refetchInterval: 5000,
  });
  return new Map(data?.items.flatMap((row) => (ids.has(row.id) ? [[row.id, row] as const] : [])));
}
