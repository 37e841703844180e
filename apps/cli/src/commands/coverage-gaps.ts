import { plural } from '@champion/core';
import type { Style } from '../output/style.ts';
import { renderTable } from '../output/table.ts';
import { printable, truncate } from '../output/text.ts';
import { wordsFor } from './coverage-marks.ts';

/** A slice of a session that is not there, and why. */
export interface Gap {
  readonly trade_date: string;
  readonly slice: string;
  /** As `stateOf` gives it, or an error's code. */
  readonly state: string;
  readonly message: string;
}

const WIDEST_MESSAGE = 160;

/**
 * Gaps date by date; where nobody has tried, neighbours are one line, or a span of years would drown the others.
 * @param sessions what was asked for, ascending: neighbours follow one another in it
 */
export function renderGaps(gaps: readonly Gap[], sessions: readonly string[], style: Style): string {
  const position = new Map(sessions.map((date, i) => [date, i]));
  const rows: { first: Gap; last: Gap; sessions: number }[] = [];
  const open = new Map<string, (typeof rows)[number]>();
  for (const gap of gaps) {
    const before = open.get(gap.slice);
    const follows = (position.get(gap.trade_date) ?? 0) - (position.get(before?.last.trade_date ?? '') ?? 0) === 1;
    if (before && follows && gap.state === 'NEVER_TRIED' && before.last.state === gap.state) {
      before.last = gap;
      before.sessions++;
      continue;
    }
    const row = { first: gap, last: gap, sessions: 1 };
    rows.push(row);
    open.set(gap.slice, row);
  }
  return renderTable(
    [{ header: 'session' }, { header: 'slice' }, { header: 'outcome' }, { header: 'why' }],
    rows.map(({ first, last, sessions: many }) => [
      many === 1 ? first.trade_date : `${first.trade_date} to ${last.trade_date}`,
      first.slice,
      wordsFor(first.state),
      many === 1 ? truncate(printable(first.message), WIDEST_MESSAGE) : plural(many, 'session'),
    ]),
    style,
  );
}
