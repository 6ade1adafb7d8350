import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
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
  const t = useT();
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
      <Field label={t('deploy.cause')} required={isProd} hint={isProd ? t('deploy.causeHint') : null}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            value={cause}
            maxLength={500}
            data-testid="dialog-cause"
            onChange={(event) => setCause(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
