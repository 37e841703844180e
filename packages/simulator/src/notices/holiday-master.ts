import { addDays, type BusinessDate, businessDate, TradingCalendar, weekday } from '@champion/core';
import { siteDate } from '../market/stamps.ts';

export interface HolidayMasterOptions {
  readonly year: number;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

/** Holidays on weekends, which the exchange lists too and the calendar need not know. Public knowledge. */
const ON_WEEKENDS: Readonly<Record<string, string>> = {
  '2024-04-14': 'Ambedkar Jayanti',
  '2024-04-21': 'Mahavir Jayanti',
  '2024-09-07': 'Ganesh Chaturthi',
  '2024-10-12': 'Dussehra',
  '2024-11-02': 'Diwali Balipratipada',
  '2025-01-26': 'Republic Day',
  '2025-04-06': 'Ram Navami',
  '2025-06-07': 'Bakri Id',
  '2025-07-06': 'Muharram',
  '2026-02-15': 'Mahashivratri',
  '2026-03-21': 'Id-Ul-Fitr',
  '2026-08-15': 'Independence Day',
};
/** The session of the evening is not marked: the day stands there as a holiday. */
const MUHURAT = 'Diwali Laxmi Pujan';

/** Banks close, shares are traded. Those that move with the moon are left out. */
const BANKS: Readonly<Record<string, string>> = {
  '02-19': 'Chhatrapati Shivaji Maharaj Jayanti',
  '04-01': 'Annual Bank Closing',
};
/** On these days commodities rest in the evening too. */
const ALL_DAY = /^(Republic Day|Good Friday|Independence Day|Gandhi Jayanti|Diwali Laxmi Pujan|Christmas)/;

type Session = 'Open' | 'Closed' | null;

interface Holiday {
  readonly date: BusinessDate;
  readonly description: string;
  readonly morning?: Session;
  readonly evening?: Session;
}

function closedDays(year: number, calendar: TradingCalendar): Holiday[] {
  const found: Holiday[] = [];
  const last = businessDate(`${year}-12-31`);
  for (let date = businessDate(`${year}-01-01`); date <= last; date = addDays(date, 1)) {
    const day = calendar.day(date);
    const holiday = day.open ? undefined : day.reason === 'holiday' ? day.name : ON_WEEKENDS[date];
    const description = day.open && day.kind === 'muhurat' ? MUHURAT : holiday;
    if (description !== undefined) found.push({ date, description });
  }
  return found;
}

function withMore(holidays: readonly Holiday[], more: readonly Holiday[]): Holiday[] {
  const known = new Set(holidays.map(({ date }) => date));
  return [...holidays, ...more.filter(({ date }) => !known.has(date))].sort((a, b) => (a.date < b.date ? -1 : 1));
}

const onWeekend = ({ date }: Holiday): boolean => ['Saturday', 'Sunday'].includes(weekday(date));

function rows(holidays: readonly Holiday[]): object[] {
  return holidays.map(({ date, description, morning = null, evening = null }, index) => ({
    tradingDate: siteDate(date),
    weekDay: weekday(date),
    description,
    morning_session: morning,
    evening_session: evening,
    Sr_no: index + 1,
  }));
}

/**
 * The site's trading holidays of a year, by segment, as the calendar has them: a year of which it knows no holidays gets
 * lists that are nearly empty.
 */
export function holidayMasterJson({ year, calendar = new TradingCalendar() }: HolidayMasterOptions): string {
  const shares = closedDays(year, calendar);
  const banks = withMore(
    shares,
    Object.entries(BANKS).map(([day, description]) => ({ date: businessDate(`${year}-${day}`), description })),
  );
  const commodities = withMore(
    shares.map((holiday) =>
      onWeekend(holiday)
        ? holiday
        : { ...holiday, morning: 'Closed', evening: ALL_DAY.test(holiday.description) ? 'Closed' : 'Open' },
    ),
    [{ date: businessDate(`${year}-01-01`), description: 'New year', morning: 'Open', evening: 'Closed' }],
  );
  return JSON.stringify({
    CBM: rows(banks),
    CD: rows(banks),
    CM: rows(shares),
    CMOT: rows(shares),
    COM: rows(commodities),
    FO: rows(shares),
    IRD: rows(banks),
    MF: rows(shares),
    NDM: rows(banks),
    NTRP: rows(banks),
    SLBS: rows(shares),
  });
}
