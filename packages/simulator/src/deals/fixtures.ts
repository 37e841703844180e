import { type BusinessDate, TradingCalendar } from '@champion/core';
import { checkSeed } from '../market/seed.ts';
import { type DayDeals, DealsBook } from './book.ts';
import type { DealKind } from './deal.ts';
import { apiCsv, apiJson, rollingCsv } from './spelling.ts';

interface DealsMarket {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

export type DealsOptions = DealsMarket & { readonly kind: DealKind } & (
    | { readonly date: BusinessDate }
    | { readonly from: BusinessDate; readonly to: BusinessDate }
  );

export interface RollingDealsOptions extends DealsMarket {
  readonly kind: 'bulk_deals' | 'block_deals';
  /** A session of the calendar. */
  readonly date: BusinessDate;
}

const calendarOfRecord = new TradingCalendar();

function daysOf({ seed, calendar = calendarOfRecord, ...span }: DealsOptions): DayDeals[] {
  checkSeed(seed);
  const book = new DealsBook(seed, calendar);
  const [from, to] = 'date' in span ? [span.date, span.date] : [span.from, span.to];
  return calendar.sessions(from, to).map((date) => book.day(date));
}

/** The API's csv answer for a day or a span of days, byte order mark included; sessions without deals add nothing. */
export function dealsCsv(options: DealsOptions): string {
  return apiCsv(daysOf(options), options.kind);
}

/** The API's JSON answer for a day or a span of days. */
export function dealsJson(options: DealsOptions): string {
  return apiJson(daysOf(options), options.kind);
}

/**
 * bulk.csv or block.csv as it stands after a session.
 * @throws ChampionError INVALID_INPUT when the date is not a session, or the seed not a whole number
 */
export function rollingDealsCsv({ seed, date, kind, calendar = calendarOfRecord }: RollingDealsOptions): string {
  checkSeed(seed);
  return rollingCsv(new DealsBook(seed, calendar).day(date), kind);
}
