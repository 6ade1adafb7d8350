import { expect, describe, test } from '@jest/globals';
import { Virtualizer } from '@tanstack/react-virtual';
import type { ShownLine } from './log-lines.js';
import { lineHeightPx, windowOf } from './log-window.js';

const heightPx = 600;

function linesFrom(first: number, count: number): ShownLine[] {
  const rest = { source: 0, at: null, text: '', coloured: null, level: null, notice: null };
  return Array.from({ length: count }, (_, index) => ({ id: first + index, ...rest }));
}

/** The list before a scroller that tells of a scroll only when it is asked to, as a browser does at its next frame. */
function listOf(first: number, count: number, atPx: number) {
  const scroller = {
    scrollTop: atPx,
    offsetHeight: heightPx,
    clientHeight: heightPx,
    scrollHeight: count * lineHeightPx,
  };
  let tell: (offset: number, isScrolling: boolean) => void = () => undefined;
  const options = (lines: readonly ShownLine[], follow: boolean) => ({
    ...windowOf(lines, follow),
    getScrollElement: () => scroller as unknown as HTMLElement,
    observeElementRect: (_: unknown, told: (rect: { width: number; height: number }) => void) =>
      told({ width: 800, height: heightPx }),
    observeElementOffset: (_: unknown, told: typeof tell) => {
      tell = told;
      told(atPx, false);
    },
    scrollToFn: (offset: number, { adjustments = 0 }: { adjustments?: number }) => {
      scroller.scrollTop = offset + adjustments;
    },
  });
  const list = new Virtualizer<HTMLElement, HTMLElement>({
    ...options(linesFrom(first, count), false),
    initialOffset: atPx,
  });
  list._willUpdate();
  return {
    scroller,
    scrolled: () => tell(scroller.scrollTop, false),
    /** Draws and gives the ids that are drawn, and of those that are in view by where the scroller stands afterwards. */
    draw: (lines: readonly ShownLine[], follow = false) => {
      list.setOptions(options(lines, follow));
      scroller.scrollHeight = list.getTotalSize();
      const drawn = list.getVirtualItems();
      list._willUpdate();
      const { scrollTop } = scroller;
      return drawn
        .filter(({ start, end }) => end > scrollTop && start < scrollTop + heightPx)
        .map(({ key }) => Number(key));
    },
  };
}

describe('a log that is scrolled up', () => {
  test('shows the same lines in the very drawing in which 400 above them are forgotten', () => {
    const list = listOf(1, 50_000, 20_000 * lineHeightPx);
    const before = list.draw(linesFrom(1, 50_000));
    expect(before[0]).toBe(20_001);
    for (let batch = 1; batch <= 20; batch += 1) expect(list.draw(linesFrom(1 + batch * 400, 50_000))).toEqual(before);
    expect(list.scroller.scrollTop).toBe(12_000 * lineHeightPx);
  });

  test('shows the same lines when 5,000 older ones come in above', () => {
    const list = listOf(1, 10_000, 1_000);
    const before = list.draw(linesFrom(1, 10_000));
    expect(list.draw(linesFrom(-4_999, 15_000))).toEqual(before);
  });

  test('is never blank, also where the line of the reader itself is forgotten', () => {
    const list = listOf(1, 50_000, 2_000);
    list.draw(linesFrom(1, 50_000));
    for (let batch = 1; batch <= 5; batch += 1) {
      expect(list.draw(linesFrom(1 + batch * 400, 50_000)).length).toBeGreaterThanOrEqual(30);
      list.scrolled();
    }
  });
});
