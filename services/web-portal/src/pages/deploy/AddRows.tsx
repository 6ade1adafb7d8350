import { Button, Input } from 'antd';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Add } from './row-buttons.js';

interface Props {
  readonly addLabel: string;
  readonly onAdd: () => void;
  readonly pasteLabel: string;
  readonly example: string;
  /** Height of the box, in lines. */
  readonly lines: number;
  readonly onPaste: (text: string) => void;
}

/** Below the rows of a field: one more by hand, or many from pasted lines. */
export function AddRows({ addLabel, onAdd, pasteLabel, example, lines, onPaste }: Props) {
  const t = useT();
  const [paste, setPaste] = useState<string | null>(null);
  const take = () => {
    onPaste(paste ?? '');
    setPaste(null);
  };
  return (
    <>
      {paste !== null && (
        <div className="stack">
          <Input.TextArea
            autoFocus
            className="mono"
            rows={lines}
            aria-label={pasteLabel}
            placeholder={example}
            value={paste}
            onChange={(event) => setPaste(event.target.value)}
          />
          <div className="row">
            <Button type="primary" size="small" onClick={take}>
              {t('deploy.takePaste')}
            </Button>
            <Button size="small" onClick={() => setPaste(null)}>
              {t('common.cancel')}
            </Button>
          </div>
        </div>
      )}
      <div className="row">
        <Add label={addLabel} onClick={onAdd} />
        {paste === null && (
          <Button size="small" type="text" onClick={() => setPaste('')}>
            {pasteLabel}
          </Button>
        )}
      </div>
    </>
  );
}
