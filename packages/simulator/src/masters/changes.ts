import { dateForms, TradingCalendar } from '@champion/core';
import { checkSeed } from '../market/seed.ts';
import { compare, universe } from '../market/universe.ts';
import { listedName, type MasterOptions, type Rename, renamesUpTo } from './as-of.ts';

// Documented by public tools, not seen in a file; like EQUITY_L's, its names after the first begin with a space.
const NAMES_HEADER = 'NCH_SYMBOL, NCH_PREV_NAME, NCH_NEW_NAME, NCH_DT';

const calendarOfRecord = new TradingCalendar();

/** What the real list calls the bearer: funds' names begin with a space, and a bond may have none. */
function bearer({ instrument }: Rename): string {
  if (instrument.kind === 'bond') return '';
  const name = listedName(instrument);
  return instrument.kind === 'fund' ? ` ${name}` : name;
}

/**
 * symbolchange.csv: company, old symbol, new symbol, first session under the new one, up to a day. It has no header, and
 * one of its rows changes a symbol into itself, as real rows do.
 * @throws ChampionError INVALID_INPUT when the seed is not a whole number
 */
export function symbolChangeCsv({ seed, date, calendar = calendarOfRecord }: MasterOptions): string {
  checkSeed(seed);
  const rows = renamesUpTo(universe(seed), date, calendar)
    .filter(({ instrument, before, after }) => before.symbol !== after.symbol || instrument.series === 'IV')
    .map((rename) => ({ rename, name: bearer(rename) }))
    // By name, the nameless last.
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || compare(a.name, b.name))
    .map(({ rename, name }) => {
      const { before, after } = rename;
      return `${name},${before.symbol},${after.symbol},${dateForms.exchange(rename.date)}\n`;
    });
  return rows.join('');
}

/**
 * namechange.csv: symbol as of the day, previous name, new name, first session under it; the oldest first.
 * @throws ChampionError INVALID_INPUT when the seed is not a whole number
 */
export function nameChangeCsv({ seed, date, calendar = calendarOfRecord }: MasterOptions): string {
  checkSeed(seed);
  const rows = renamesUpTo(universe(seed), date, calendar)
    .map((rename) => ({ ...rename, from: listedName(rename.before), to: listedName(rename.after) }))
    .filter(({ from, to }) => from !== to)
    .map(({ instrument, from, to, date: on }) => `${instrument.symbol},${from},${to},${dateForms.exchange(on)}`);
  return `${[NAMES_HEADER, ...rows].join('\n')}\n`;
}
