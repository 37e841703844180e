import { plainStyle, type Style } from './style.ts';
import { padEnd, padStart, widthOf } from './text.ts';

export interface Column {
  readonly header: string;
  readonly align?: 'left' | 'right' | undefined;
}

/** Rows as lines of text: a header, a rule, the rows; two spaces between columns, no trailing spaces. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style = plainStyle,
): string {
  const widths = columns.map(({ header }, i) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[i] ?? '')), widthOf(header)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => (align === 'right' ? padStart : padEnd)(cells[i] ?? '', widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const header = columns.map(({ header }) => style.bold(header));
  const rule = widths.map((width) => style.dim('─'.repeat(width))).join('  ');
  return `${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}
