import { routes, type DeadLetterDetail } from '@berth/api';
import { useNavigate } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

/** What a replay would do now, in words. */
export function ForecastNote({ letter }: { letter: DeadLetterDetail }) {
  const t = useT();
  const { effect, reason, waitingBefore } = letter.forecast;
  const isVain = effect === 'unreadable' || effect === 'older_state';
  return (
    <p className={isVain ? 'note note-warn' : 'note'} data-testid="replay-forecast">
      {t.say(`deadLetters.effect.${effect}`, { owner: letter.owner, reason: reason ?? '' }, effect)}{' '}
      {waitingBefore > 0 && t('deadLetters.waiting', { count: waitingBefore })}
    </p>
  );
}

/** Replays or discards a dead letter, with what it will do and why it is done. */
export function ResolveDialog({
  action,
  letter,
  onClose,
}: {
  action: 'replay' | 'discard';
  letter: DeadLetterDetail;
  onClose: () => void;
}) {
  const t = useT();
  const navigate = useNavigate();
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const { owner, id } = letter;
      const options = { params: { owner, id }, body: { cause: cause.trim() } };
      const { operationId } =
        action === 'replay'
          ? await call(routes.replayDeadLetter, options)
          : await call(routes.discardDeadLetter, options);
      onClose();
      if (operationId) await navigate({ to: '/operations/$id', params: { id: operationId } });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t(action === 'replay' ? 'deadLetters.replayTitle' : 'deadLetters.discardTitle')}
      okText={t(action === 'replay' ? 'deadLetters.replay' : 'deadLetters.discard')}
      danger={action === 'discard'}
      blocked={cause.trim() === ''}
      busy={busy}
      testId="dialog-dead-letter"
      onOk={() => void send()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      {action === 'replay' ? <ForecastNote letter={letter} /> : <p>{t('deadLetters.discardText')}</p>}
      <Field label={t('deadLetters.cause')} required>
        {(ids) => (
          <Input.TextArea
            {...ids}
            rows={2}
            maxLength={500}
            value={cause}
            onChange={(event) => setCause(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
