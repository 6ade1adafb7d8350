import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useT } from '../i18n/index.js';

/** A text with a button that copies it; `label` shows something shorter. */
export function Copy({ text, label, mono = false }: { text: string; label?: string; mono?: boolean }) {
  const t = useT();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <span className="copy">
      <span className={mono ? 'mono' : undefined} title={label ? text : undefined}>
        {label ?? text}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={t(done ? 'common.copied' : 'common.copy')}
        onClick={() => void copy()}
      >
        {done ? <CheckOutlined /> : <CopyOutlined />}
      </button>
    </span>
  );
}
