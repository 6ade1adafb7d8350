/** A piece of a line that is written in one way. */
export interface AnsiPiece {
  readonly text: string;
  /** Classes of `logs.css`: `ansi-1` (red) … `ansi-15`, `ansi-bold`, `ansi-dim`; '' where nothing is set. */
  readonly className: string;
}

// eslint-disable-next-line no-control-regex -- terminal colours are control characters
const sequences = /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** The text as it is read, searched and saved: no colours, no other control sequences. */
export function withoutAnsi(text: string): string {
  return text.includes('\u001b') ? text.replace(sequences, '') : text;
}

interface Style {
  colour: number | null;
  bold: boolean;
  dim: boolean;
}
const plain = (): Style => ({ colour: null, bold: false, dim: false });

/** A line in pieces by its terminal colours. Backgrounds, blinking and moves of the cursor are left out. */
export function ansiPieces(text: string): AnsiPiece[] {
  const pieces: AnsiPiece[] = [];
  let style = plain();
  let from = 0;
  const add = (part: string) => {
    if (part) pieces.push({ text: part, className: classOf(style) });
  };
  for (const match of text.matchAll(sequences)) {
    add(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = styled(style, match[1] ?? '');
  }
  add(text.slice(from));
  return pieces;
}

function styled(before: Style, codes: string): Style {
  const style = { ...before };
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 0) Object.assign(style, plain());
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 22) Object.assign(style, { bold: false, dim: false });
    else if (code >= 30 && code <= 37) style.colour = code - 30;
    else if (code >= 90 && code <= 97) style.colour = code - 82;
    else if (code === 39) style.colour = null;
    else if (code === 38 || code === 48) {
      const isIndexed = numbers[at + 1] === 5;
      if (code === 38) style.colour = isIndexed ? basic(numbers[at + 2] ?? 0) : null;
      at += isIndexed ? 2 : 4;
    }
  }
  return style;
}

/** Of the 256 colours the first 16 have a name that follows the theme; the others stay as the text is. */
const basic = (index: number) => (index < 16 ? index : null);

function classOf({ colour, bold, dim }: Style): string {
  return [colour !== null && `ansi-${colour}`, bold && 'ansi-bold', dim && 'ansi-dim'].filter(Boolean).join(' ');
}
