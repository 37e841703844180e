import type { Style } from '../output/style.ts';
import { legend, signOf, stateOf, worst } from './coverage-marks.ts';

/** A span's coverage, from the lake of this home or from a server. */
export interface Coverage {
  readonly dataset: string;
  readonly from: string;
  readonly to: string;
  readonly sessions: readonly string[];
  readonly slices: readonly {
    readonly slice: string;
    readonly trade_date: string;
    readonly outcome: string;
    readonly in_warehouse: boolean;
    readonly message: string | null;
  }[];
}

/** A line per month, a column per day; a session of several slices shows the worst of them. */
export function renderCalendar({ from, to, sessions, slices }: Coverage, style: Style): string {
  const states = new Map<string, string[]>(sessions.map((date) => [date, []]));
  for (const slice of slices) states.get(slice.trade_date)?.push(stateOf(slice));
  const lines = monthsBetween(from, to).map((month) => {
    let loaded = 0;
    let open = 0;
    const days = Array.from({ length: daysIn(month) }, (_, i) => {
      const date = `${month}-${String(i + 1).padStart(2, '0')}`;
      if (date < from || date > to) return ' ';
      const state = worst(states.get(date) ?? []);
      if (state === undefined) return style.dim('·');
      open++;
      if (state === 'LOADED') loaded++;
      return signOf(state, style);
    });
    return `${month}  ${days.join('')}${' '.repeat(31 - days.length)}  ${`${loaded}/${open}`.padStart(5)}`;
  });
  const ruler = Array.from({ length: 31 }, (_, i) => String((i + 1) % 10)).join('');
  return `${style.dim(`         ${ruler}`)}\n${lines.join('\n')}\n\n${legend(slices.map(stateOf), style)}\n`;
}

function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  let [year = 0, month = 0] = from.split('-').map(Number);
  for (;;) {
    const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (text > to.slice(0, 7)) return months;
    months.push(text);
    month = month === 12 ? 1 : month + 1;
    if (month === 1) year++;
  }
}

function daysIn(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}
