import { plainStyle, type Style } from './style.ts';
import { padEnd, padStart, truncate, widthOf } from './text.ts';

export interface Column {
  readonly header: string;
  readonly align?: 'left' | 'right' | undefined;
  /** Its cells are cut where the table would not fit; they hold unstyled text. */
  readonly flexible?: boolean | undefined;
  /** It is cut first, or left out. */
  readonly spare?: boolean | undefined;
}

/** What is left of a flexible column at least. */
const NARROWEST = 8;
const GAP = 2;

/**
 * Rows as lines of text: a header, a rule, the rows; two spaces between columns, no trailing spaces.
 * @param width columns of the screen; spare and flexible columns give way to it
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style = plainStyle,
  width: number = Number.POSITIVE_INFINITY,
): string {
  const wanted = columns.map((column, i) => ({
    ...column,
    i,
    room: rows.reduce((widest, row) => Math.max(widest, widthOf(row[i] ?? '')), widthOf(column.header)),
  }));
  const shown = fit(wanted, width);
  const line = (cells: readonly string[], look = (cell: string) => cell): string =>
    shown
      .map(({ align, flexible, i, room }) => {
        const cell = flexible === true ? truncate(cells[i] ?? '', room) : (cells[i] ?? '');
        return (align === 'right' ? padStart : padEnd)(look(cell), room);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const heads = columns.map(({ header }) => header);
  const rule = shown.map(({ room }) => style.dim('─'.repeat(room))).join(' '.repeat(GAP));
  return `${[line(heads, style.bold), rule, ...rows.map((row) => line(row))].join('\n')}\n`;
}

type Placed = Column & { readonly i: number; readonly room: number };

/** First the spare columns give way, the last one first; then the widest flexible one, again and again. */
function fit(wanted: readonly Placed[], width: number): readonly Placed[] {
  let columns = wanted;
  for (;;) {
    const excess = columns.reduce((sum, { room }) => sum + room + GAP, -GAP) - width;
    if (excess <= 0) return columns;
    const spare = columns.findLast((column) => column.spare);
    const widest = columns
      .filter(({ flexible, spare, room }) => flexible === true && spare !== true && room > NARROWEST)
      .sort((a, b) => b.room - a.room)[0];
    const giving = spare ?? widest;
    if (giving === undefined) return columns;
    // Spare columns give what is asked of them at once; the others share it, a column of the screen at a time.
    const room = giving.room - (giving === spare ? excess : 1);
    const narrower = giving.flexible === true && room >= NARROWEST ? [{ ...giving, room }] : [];
    columns = columns.flatMap((column) => (column === giving ? narrower : [column]));
  }
}
