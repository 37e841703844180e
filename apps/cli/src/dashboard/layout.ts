import { type Column, renderTable } from '../output/table.ts';
import { padEnd, widthOf } from '../output/text.ts';
import type { Screen } from './panel.ts';

const GAP = 4;

/** A table as lines. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, style }: Pick<Screen, 'width' | 'style'>,
): string[] {
  return renderTable(columns, rows, style, width).trimEnd().split('\n');
}

/** Two blocks side by side where they fit whole, else one below the other. */
export function beside(left: readonly string[], right: readonly string[], { width }: Pick<Screen, 'width'>): string[] {
  const room = Math.max(0, ...left.map(widthOf)) + GAP;
  const fits = Number.isFinite(width) && room + Math.max(0, ...right.map(widthOf)) <= width;
  if (!fits) return [...left, '', ...right];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    right[i] === undefined ? (left[i] ?? '') : `${padEnd(left[i] ?? '', room)}${right[i]}`,
  );
}

/** Words on as many lines as they need, none of them cut; lines after the first are indented. */
export function wrapped(words: readonly string[], between: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [i, word] of words.entries()) {
    const piece = i === words.length - 1 ? word : `${word}${between}`;
    if (line !== '' && widthOf(line) + widthOf(piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent);
    }
    line += piece;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

/** Labels and values, the values one below the other. */
export function labelled(pairs: readonly (readonly [label: string, value: string])[], { style }: Screen): string[] {
  const room = Math.max(0, ...pairs.map(([label]) => widthOf(label)));
  return pairs.map(([label, value]) => `${style.dim(padEnd(label, room))}  ${value}`.trimEnd());
}

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A column for each value, the highest of them full; nothing is lower than something. */
export function spark(values: readonly number[]): string {
  const highest = Math.max(0, ...values);
  return values
    .map((value) =>
      value <= 0 || highest === 0 ? ' ' : (LEVELS[Math.ceil((value / highest) * LEVELS.length) - 1] ?? '█'),
    )
    .join('');
}

/** A bar of up to `width` columns; anything above nothing has at least one. */
export function bar(value: number, highest: number, width: number): string {
  if (highest <= 0 || value <= 0) return '';
  return '━'.repeat(Math.max(1, Math.round((value / highest) * width)));
}
