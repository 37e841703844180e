import { type BusinessDate, businessDateAt, instantAt, type TradingCalendar } from '@champion/core';

/** From this day derivatives trade on until 15:40, past the closing auction; before, all ends at 15:30. */
const LATE_CLOSE_FROM = '2026-08-03';
const MINUTE_MS = 60_000;

export interface Hours {
  readonly open: Date;
  readonly close: Date;
}

/** When a session opens and when its last figures stand. A Muhurat session is an evening hour. */
export function hoursOf(date: BusinessDate, calendar: TradingCalendar): Hours {
  const day = calendar.day(date);
  if (day.open && day.kind === 'muhurat') return { open: instantAt(date, '18:15'), close: instantAt(date, '19:15') };
  return { open: instantAt(date, '09:15'), close: instantAt(date, date >= LATE_CLOSE_FROM ? '15:40' : '15:30') };
}

/** A moment of the market: the session it shows and how far that session has come. */
export interface Moment {
  readonly date: BusinessDate;
  readonly at: Date;
  /** Minutes since the opening. */
  readonly minute: number;
  /** 0 at the opening, 1 at the close and after. */
  readonly progress: number;
}

/** The last moment of a session. */
function closingMoment(date: BusinessDate, calendar: TradingCalendar): Moment {
  const { open, close } = hoursOf(date, calendar);
  return { date, at: close, minute: (close.getTime() - open.getTime()) / MINUTE_MS, progress: 1 };
}

/**
 * What the market shows at an instant: the close of the last session before the opening, then one picture every
 * `everyMinutes`, then the close.
 * @param second the second within the minute at which a picture is taken
 */
export function momentAt(
  instant: Date,
  calendar: TradingCalendar,
  everyMinutes = 1,
  second: (minute: number) => number = () => 0,
): Moment {
  const today = businessDateAt(instant);
  const previous = (): Moment => closingMoment(calendar.previousSession(today), calendar);
  if (!calendar.isSession(today)) return previous();
  const { open, close } = hoursOf(today, calendar);
  if (instant >= close) return closingMoment(today, calendar);
  const taken = (minute: number): number => open.getTime() + minute * MINUTE_MS + second(minute) * 1000;
  let minute = Math.floor((instant.getTime() - open.getTime()) / MINUTE_MS / everyMinutes) * everyMinutes;
  if (taken(minute) > instant.getTime()) minute -= everyMinutes;
  if (minute < 0) return previous();
  const at = new Date(taken(minute));
  return { date: today, at, minute, progress: (at.getTime() - open.getTime()) / (close.getTime() - open.getTime()) };
}
