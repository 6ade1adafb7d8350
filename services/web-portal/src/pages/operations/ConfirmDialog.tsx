import { useState, type ReactNode } from 'react';
import { CauseField } from '../../ui/CauseField.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

interface Props {
  readonly title: string;
  readonly environment: string;
  readonly okText: string;
  readonly keepText?: string;
  readonly danger?: boolean;
  readonly testId: string;
  readonly cause?: string;
  /** Sends it; what it throws is shown, and the dialog stays. */
  readonly onSend: (cause: string | undefined) => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What is about to happen, why (in production), and the button that does it. */
export function ConfirmDialog({ cause: before = '', children, onSend, environment, ...dialog }: Props) {
  const [cause, setCause] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isProd = environment === 'prod';
  const blocked = isProd && cause.trim() === '';
  const send = async () => {
    if (blocked || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSend(cause.trim() || undefined);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog {...dialog} environment={environment} blocked={blocked} busy={busy} onOk={() => void send()}>
      {error !== null && <ErrorNote error={error} />}
      <div className={isProd ? 'dialog-hit in-prod' : 'dialog-hit'}>{children}</div>
      <CauseField autoFocus required={isProd && 'production'} value={cause} onChange={setCause} />
    </Dialog>
  );
}
