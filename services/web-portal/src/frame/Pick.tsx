import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export interface PickOption {
  readonly value: string;
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  readonly hint?: string;
  /** What the search box of a long list looks through. */
  readonly text?: string;
}
interface Props {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly showLabel?: boolean;
  readonly value?: string;
  readonly options: readonly PickOption[];
  readonly onPick: (value: string) => void;
  readonly testId: string;
  readonly search?: string;
  readonly children?: ReactNode;
}

/** A button with a short list under it: light enough for the first load. Arrows walk, Esc closes. */
export function Pick({ label, icon, showLabel, value, options, onPick, testId, search, children }: Props) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const start = box.current?.querySelector<HTMLElement>(
      'input, [aria-checked=true], [role=menuitemradio], [role=menuitem]',
    );
    start?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const shown = text
    ? options.filter((option) => `${option.text ?? ''} ${option.value}`.toLowerCase().includes(text.toLowerCase()))
    : options;
  const close = () => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const pick = (chosen: string) => {
    close();
    onPick(chosen);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [...(box.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    const index = entries.indexOf(document.activeElement as HTMLElement);
    entries[(index + step + entries.length) % entries.length]?.focus();
  };
  return (
    <div className="pick" ref={box} onKeyDown={open ? onKey : undefined}>
      <button
        type="button"
        className="bar-button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        title={label}
        data-testid={testId}
        onClick={() => {
          setText('');
          setOpen(!open);
        }}
      >
        {icon}
        <span className={showLabel ? undefined : 'visually-hidden'}>{label}</span>
        {children}
      </button>
      {open && (
        <div className="pick-list" id={id}>
          {search && (
            <input
              value={text}
              placeholder={search}
              aria-label={search}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && shown[0]) pick(shown[0].value);
              }}
            />
          )}
          <ul role="menu" aria-label={label}>
            {shown.map((option) => (
              <li key={option.value} role="none">
                <button
                  type="button"
                  role={value === undefined ? 'menuitem' : 'menuitemradio'}
                  aria-checked={value === undefined ? undefined : option.value === value}
                  data-value={option.value}
                  onClick={() => pick(option.value)}
                >
                  {option.icon}
                  <span>{option.label}</span>
                  {option.hint && <small>{option.hint}</small>}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
