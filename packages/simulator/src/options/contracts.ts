import { addDays, type BusinessDate, businessDate, dateForms, type TradingCalendar, weekday } from '@champion/core';

/** What options are written on. */
export interface Underlying {
  readonly symbol: string;
  readonly kind: 'index' | 'share';
  /** Name of the index; undefined for a share. */
  readonly index?: string;
  /** Points between strikes near the money; a share's follow its price. */
  readonly step?: number;
  /** How many expiries of each kind are listed. */
  readonly weekly: number;
  readonly monthly: number;
  readonly quarterly: number;
  /** Half-yearly expiries up to this many years ahead. */
  readonly years: number;
  /** Annual volatility at the money; a share's is its own. */
  readonly volatility?: number;
  /** Contracts open at the busiest strike of the nearest expiry. */
  readonly interest: number;
}

const indexOn = (
  symbol: string,
  index: string,
  step: number,
  volatility: number,
  interest: number,
  listed: Pick<Underlying, 'weekly' | 'monthly' | 'quarterly' | 'years'>,
): Underlying => ({ symbol, kind: 'index', index, step, volatility, interest, ...listed });

const MONTHLY = { weekly: 0, monthly: 3, quarterly: 0, years: 0 };

const SHARES = [
  ...['RELIANCE', 'TCS', 'HDFCBANK', 'ICICIBANK', 'INFY', 'SBIN', 'ITC', 'BHARTIARTL', 'LT', 'HINDUNILVR', 'M&M'],
  ...['BAJAJ-AUTO', 'AXISBANK', 'KOTAKBANK', 'MARUTI', 'SUNPHARMA', 'TITAN', 'WIPRO', 'ONGC', 'NTPC', 'TATASTEEL'],
  'HINDALCO',
];

/** Everything that has options, indices first. */
export const UNDERLYINGS: readonly Underlying[] = [
  indexOn('NIFTY', 'NIFTY 50', 50, 0.125, 130_000, { weekly: 5, monthly: 3, quarterly: 3, years: 5 }),
  indexOn('BANKNIFTY', 'NIFTY BANK', 100, 0.15, 40_000, { ...MONTHLY, quarterly: 3 }),
  indexOn('FINNIFTY', 'NIFTY FINANCIAL SERVICES', 50, 0.15, 9_000, MONTHLY),
  indexOn('MIDCPNIFTY', 'NIFTY MIDCAP SELECT', 25, 0.17, 12_000, MONTHLY),
  ...SHARES.map((symbol): Underlying => ({ symbol, kind: 'share', interest: 5_000, ...MONTHLY })),
];

export function findUnderlying(symbol: string): Underlying | undefined {
  return UNDERLYINGS.find((known) => known.symbol === symbol);
}

export function isDerivativeShare(symbol: string): boolean {
  return findUnderlying(symbol)?.kind === 'share';
}

/** Contracts expired on Thursdays until the end of August 2025, and expire on Tuesdays since. */
const TUESDAYS_FROM = '2025-09-01';
/** Closed in any year, also in those whose holidays are not announced yet. */
const YEARLY_HOLIDAYS: ReadonlySet<string> = new Set(['01-26', '05-01', '08-15', '10-02', '12-25']);

const weekdayOf = (date: BusinessDate): 'Tuesday' | 'Thursday' => (date < TUESDAYS_FROM ? 'Thursday' : 'Tuesday');

/** The day itself, or the last session before when the exchange is closed on it. */
function onSession(date: BusinessDate, calendar: TradingCalendar): BusinessDate {
  let day = date;
  while (!calendar.isSession(day) || YEARLY_HOLIDAYS.has(day.slice(5))) day = addDays(day, -1);
  return day;
}

function lastExpiryOfMonth(year: number, month: number, calendar: TradingCalendar): BusinessDate {
  const first = businessDate(`${month === 12 ? year + 1 : year}-${String((month % 12) + 1).padStart(2, '0')}-01`);
  let day = addDays(first, -1);
  while (weekday(day) !== weekdayOf(day)) day = addDays(day, -1);
  return onSession(day, calendar);
}

/** The expiries listed on a session, ascending: the next weeks, the next months, then quarters, then half-years. */
export function expiriesOn(underlying: Underlying, date: BusinessDate, calendar: TradingCalendar): BusinessDate[] {
  const found = new Set<BusinessDate>();
  for (let day = date; found.size < underlying.weekly; day = addDays(day, 1)) {
    if (weekday(day) !== weekdayOf(day)) continue;
    const expiry = onSession(day, calendar);
    if (expiry >= date) found.add(expiry);
  }
  const start = Number(dateForms.year(date)) * 12 + Number(dateForms.monthNumber(date)) - 1;
  const monthEnd = (month: number): BusinessDate =>
    lastExpiryOfMonth(Math.floor(month / 12), (month % 12) + 1, calendar);
  let month = monthEnd(start) < date ? start + 1 : start;
  for (let n = 0; n < underlying.monthly; n++) found.add(monthEnd(month++));
  for (let n = 0; n < underlying.quarterly; month++) {
    if (month % 3 !== 2) continue;
    found.add(monthEnd(month));
    n++;
  }
  for (; month <= start + underlying.years * 12; month++) if (month % 6 === 5) found.add(monthEnd(month));
  return [...found].sort();
}

/** Shares or units in one contract of an index; they change by circular. */
const INDEX_LOTS: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  NIFTY: [
    ['', 50],
    ['2024-11-20', 75],
    ['2026-01-01', 65],
  ],
  BANKNIFTY: [
    ['', 15],
    ['2024-11-20', 30],
  ],
  FINNIFTY: [
    ['', 40],
    ['2024-11-20', 65],
    ['2026-01-01', 60],
  ],
  MIDCPNIFTY: [
    ['', 75],
    ['2024-11-20', 120],
  ],
};

/** Units in one contract. */
export function lotOf({ symbol }: Underlying, date: BusinessDate, reference: number): number {
  const lots = INDEX_LOTS[symbol];
  if (lots) return lots.findLast(([from]) => date >= from)?.[1] ?? 1;
  return Math.max(25, Math.round(600_000 / reference / 25) * 25);
}

const SHARE_STEPS = [0.5, 1, 2.5, 5, 10, 20, 50, 100, 250, 500, 1000] as const;

export function stepOf({ step }: Underlying, reference: number): number {
  return step ?? SHARE_STEPS.find((size) => size >= reference * 0.009) ?? 2500;
}

/**
 * The strikes of an expiry, ascending.
 * @param reference where the underlying closed the session before, so that strikes stand for a whole session
 */
export function strikesOf(underlying: Underlying, reference: number, daysLeft: number): number[] {
  const step = stepOf(underlying, reference);
  const index = underlying.kind === 'index';
  // Far expiries have few strikes, far apart; share options have fewer than index options.
  const far = daysLeft > 200;
  const spacing = far ? step * 20 : step;
  const [dense, wide] = far ? [8, 0] : index ? [44, 13] : [24, 3];
  // Outside, only every second strike is listed.
  const centre = Math.round(reference / spacing / 2) * spacing * 2;
  const strikes: number[] = [];
  for (let n = -wide; n < 0; n++) strikes.push(centre + (n * 2 - dense) * spacing);
  for (let n = -dense; n <= dense; n++) strikes.push(centre + n * spacing);
  for (let n = 1; n <= wide; n++) strikes.push(centre + (n * 2 + dense) * spacing);
  return strikes.filter((strike) => strike > 0);
}

const INDEX_KEYS = 1_000_000;

/** Coordinate of an index in random numbers that follow its course within a day. */
export function indexKeyOf(index: string): number {
  const written = UNDERLYINGS.findIndex((underlying) => underlying.index === index);
  return INDEX_KEYS + (written === -1 ? 1000 + index.length : written);
}
