import { useEffect, useRef } from 'react';
import { editTarget } from './edit.js';

/** Goes to the field that the address names, filled in. A draft that was there before is changed by it, too. */
export function useEdit(wish: Parameters<typeof editTarget>[0], apply: () => void, restored: boolean): void {
  const target = editTarget(wish);
  const first = useRef({ apply, restored });
  useEffect(() => {
    if (!target) return;
    if (first.current.restored) first.current.apply();
    const frame = requestAnimationFrame(() => {
      const area = [...document.querySelectorAll<HTMLElement>('[data-edit]')].find(
        (row) => row.dataset.edit === target,
      );
      if (!area) return;
      area.scrollIntoView({ block: 'center' });
      area.classList.add('edit-here');
      const input = area.matches('input,textarea') ? area : area.querySelector<HTMLElement>('input,textarea');
      input?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
}
