import { routes, type ServiceListItem } from '@berth/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { acknowledgementsQuery } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

const choices = [1, 4, 24, 72] as const;

/** 知悉: I look after it, until then. It stays in the list; others see who it is. */
export function AcknowledgeDialog({ row, onClose }: { row: ServiceListItem; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [hours, setHours] = useState<number>(4);
  const [note, setNote] = useState('');
  const save = useMutation({
    mutationFn: () =>
      call(routes.acknowledgeService, {
        params: { project: row.project, environment: row.environment as 'prod', service: row.code },
        body: { hours, ...(note.trim() && { note: note.trim() }) },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: acknowledgementsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog
      title={t('now.acknowledgeTitle', { code: row.code })}
      environment={row.environment}
      okText={t('now.acknowledge')}
      busy={save.isPending}
      testId="dialog-acknowledge"
      onOk={() => save.mutate()}
      onClose={onClose}
    >
      <p className="soft">{t('now.acknowledgeText')}</p>
      <div className="chips acknowledge-hours" role="radiogroup" aria-label={t('now.until')}>
        {choices.map((choice) => (
          <button
            key={choice}
            type="button"
            role="radio"
            className="chip"
            aria-checked={hours === choice}
            aria-pressed={undefined}
            onClick={() => setHours(choice)}
          >
            {t('now.hours', { count: choice })}
          </button>
        ))}
      </div>
      <Field label={t('now.note')}>
        {(ids) => (
          <input
            {...ids}
            className="text-input wide"
            maxLength={200}
            value={note}
            data-testid="acknowledge-note"
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      {save.isError && <ErrorNote error={save.error} />}
    </Dialog>
  );
}
