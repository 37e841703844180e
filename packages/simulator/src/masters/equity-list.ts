import { dateForms, TradingCalendar } from '@champion/core';
import { asOf } from '../market/instrument.ts';
import { hash } from '../market/random.ts';
import { checkSeed } from '../market/seed.ts';
import { dayNumber } from '../market/session-line.ts';
import { compare, universe } from '../market/universe.ts';
import { firstSession, listedName, type MasterOptions } from './as-of.ts';

const HEADER = 'SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT, ISIN NUMBER, FACE VALUE';
/** Funds, bonds, trusts and the SME platform have lists of their own. */
const SERIES: ReadonlySet<string> = new Set(['EQ', 'BE', 'BZ']);
/** As common as in the real list: half of all shares have a face value of ten rupees. */
const FACE_VALUES = [10, 10, 10, 10, 10, 1, 1, 2, 2, 5] as const;
const TOPIC = 410;

const calendarOfRecord = new TradingCalendar();

/**
 * EQUITY_L.csv: the companies listed on the main board up to a day, in the exchange's exact spelling. The listing date
 * is the first session on which the share can trade.
 * @throws ChampionError INVALID_INPUT when the seed is not a whole number
 */
export function equityListCsv({ seed, date, calendar = calendarOfRecord }: MasterOptions): string {
  checkSeed(seed);
  const day = dayNumber(date);
  const rows = universe(seed)
    .all.filter(({ kind, lot, series, listed }) => kind === 'share' && lot === 1 && SERIES.has(series) && listed <= day)
    // A right to new shares trades, but is no company.
    .filter(({ symbol }) => !symbol.endsWith('-RE'))
    .map((instrument) => ({ share: asOf(instrument, day), listed: firstSession(instrument.listed, calendar) }))
    .filter(({ listed }) => listed <= date)
    .sort((a, b) => compare(a.share.symbol, b.share.symbol))
    .map(({ share, listed }) => {
      const face = FACE_VALUES[hash(seed, TOPIC, share.key) % FACE_VALUES.length];
      const { symbol, series, isin } = share;
      return `${symbol},${listedName(share)},${series},${dateForms.exchange(listed)},${face},1,${isin},${face}`;
    });
  return `${[HEADER, ...rows].join('\n')}\n`;
}
