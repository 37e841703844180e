import type { Coverage, SliceCoverage } from '@champion/contract';
import { addDays, type BusinessDate, daysBetween, weekday } from '@champion/core';
import { gravest, isGap, type Mark, markOf } from './outcomes.ts';

/** A session of the calendar, all its slices together. */
export interface Session {
  readonly date: BusinessDate;
  readonly mark: Mark;
  /** Of the slices that are known; null when none is. */
  readonly rows: number | null;
  readonly slices: readonly SliceCoverage[];
}

export interface Cell extends Session {
  /** Its place among all sessions, for keys. */
  readonly index: number;
  readonly column: number;
  readonly row: number;
}

export interface Month {
  /** 1 to 12. */
  readonly month: number;
  readonly cells: readonly Cell[];
  /** Monday to Friday, or to the last weekday that has a session. */
  readonly columns: number;
  readonly rows: number;
}

export interface Year {
  readonly year: number;
  readonly months: readonly Month[];
  readonly gaps: number;
  readonly sessions: number;
}

/** The sessions of an answer, ascending; the one slice alone when it is named. */
export function sessionsOf(coverage: Coverage, slice?: string): Session[] {
  const byDate = new Map<BusinessDate, SliceCoverage[]>(coverage.sessions.map((date) => [date, []]));
  for (const each of coverage.slices) {
    if (slice === undefined || each.slice === slice) byDate.get(each.trade_date)?.push(each);
  }
  return [...byDate].map(([date, slices]) => {
    const known = slices.flatMap(({ rows }) => (rows === null ? [] : [rows]));
    return {
      date,
      slices,
      mark: gravest(slices.map(markOf)),
      rows: known.length === 0 ? null : known.reduce((sum, rows) => sum + rows, 0),
    };
  });
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

function column(date: BusinessDate): number {
  return WEEKDAYS.indexOf(weekday(date));
}

/** Years, the latest first; each of twelve small calendars, weeks below each other. */
export function layOut(sessions: readonly Session[]): Year[] {
  const held = new Set(sessions.map(({ date }) => date));
  const years = new Map<number, Map<number, Cell[]>>();
  sessions.forEach((session, index) => {
    const [year = 0, month = 0] = session.date.split('-').map(Number);
    const months = years.get(year) ?? new Map<number, Cell[]>();
    years.set(year, months);
    const first = `${session.date.slice(0, 8)}01` as BusinessDate;
    const at = daysBetween(first, session.date) + column(first);
    // A month that begins on a weekend without a session begins a line later.
    const skipped = column(first) >= 5 && !held.has(first) && !held.has(addDays(first, 1)) ? 1 : 0;
    const cells = months.get(month) ?? [];
    months.set(month, cells);
    cells.push({ ...session, index, column: at % 7, row: Math.floor(at / 7) - skipped });
  });
  return [...years]
    .sort(([a], [b]) => b - a)
    .map(([year, months]) => {
      const all = [...months.values()].flat();
      return {
        year,
        sessions: all.length,
        gaps: all.filter(({ mark }) => isGap(mark)).length,
        months: [...months].map(([month, cells]) => ({
          month,
          cells,
          // Saturdays and Sundays have sessions now and then; other months need no room for them.
          columns: Math.max(5, ...cells.map((cell) => cell.column + 1)),
          rows: Math.max(...cells.map((cell) => cell.row + 1)),
        })),
      };
    });
}

/** Where a key leads from a session; undefined for keys that lead nowhere. Places are those of `sessions`. */
export function step(sessions: readonly Session[], from: number, key: string): number | undefined {
  const last = sessions.length - 1;
  const here = sessions[from];
  if (here === undefined) return last < 0 ? undefined : last;
  const days: Record<string, number> = { ArrowUp: -7, ArrowDown: 7, PageUp: -28, PageDown: 28 };
  const far = days[key];
  if (key === 'ArrowLeft') return Math.max(0, from - 1);
  if (key === 'ArrowRight') return Math.min(last, from + 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (far === undefined) return undefined;
  return nearest(sessions, addDays(here.date, far));
}

/** The place of the session on a date, or of the one closest to it. */
export function nearest(sessions: readonly Session[], date: BusinessDate): number {
  let low = 0;
  let high = sessions.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sessions[middle]?.date ?? '') < date) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [sessions[low - 1], sessions[low]];
  if (before === undefined || after === undefined) return low;
  return Math.abs(daysBetween(before.date, date)) < Math.abs(daysBetween(date, after.date)) ? low - 1 : low;
}

/** The gaps without a loaded session between them that a session is one of; undefined where it is no gap. */
export function gapAround(
  sessions: readonly Session[],
  index: number,
): { readonly from: BusinessDate; readonly to: BusinessDate; readonly count: number } | undefined {
  const gap = (at: number) => {
    const session = sessions[at];
    return session !== undefined && isGap(session.mark);
  };
  if (!gap(index)) return undefined;
  let first = index;
  let last = index;
  while (gap(first - 1)) first--;
  while (gap(last + 1)) last++;
  const [from, to] = [sessions[first]?.date, sessions[last]?.date];
  return from === undefined || to === undefined ? undefined : { from, to, count: last - first + 1 };
}

/** The place of the next gap after one, beginning again at the first; undefined when there is none. */
export function nextGap(sessions: readonly Session[], after: number): number | undefined {
  for (let offset = 1; offset <= sessions.length; offset++) {
    const at = (after + offset) % sessions.length;
    const session = sessions[at];
    if (session !== undefined && isGap(session.mark)) return at;
  }
  return undefined;
}
