import {
  addDays,
  type BusinessDate,
  businessDate,
  dateForms,
  eventId,
  factsFromHolidays,
  instantAt,
  isWeekend,
  mergeFacts,
  type Normalized,
  type NormalizeInput,
  type QuarantinedRow,
  type SessionKind,
  seedFacts,
  TradingCalendar,
  weekday,
} from '@champion/core';
import pl from 'nodejs-polars';
import { literal, sql } from '../../csv/index.ts';
import { readable } from '../../json/index.ts';
import { calendarAnomalies } from './anomalies.ts';
import { CAPITAL_MARKET } from './parse.ts';

export const SCHEMA_VERSION = 1;

/** A listed day of a segment. */
export interface Listed {
  readonly segment: string;
  readonly date: BusinessDate;
  /** The printed day of the week. */
  readonly weekDay: string | null;
  readonly name: string | null;
  /** "Open" or "Closed" where the segment has two sessions a day; else null. */
  readonly morning: string | null;
  readonly evening: string | null;
  readonly line: number;
}

interface Day {
  readonly open: boolean;
  readonly kind: SessionKind | null;
  readonly holiday: string | null;
  readonly note: string | null;
}

/**
 * Bronze → silver: one row per segment and day of the year, sorted by both. The capital market's days are those of core's
 * calendar with the list told to it; another segment is open on unlisted weekdays and where the list says that a part of
 * the day is.
 */
export function normalizeTradingCalendar(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const bronze = input.bronze['holiday-master'];
  if (!bronze) throw new RangeError('normalising the trading calendar needs its bronze rows');
  const { listed, quarantined } = withoutRepeats(readRows(bronze));
  const days = daysOf(input.date);
  const capitalMarket = capitalMarketDays(listed.filter(({ segment }) => segment === CAPITAL_MARKET));
  const segments = [...new Set(listed.map(({ segment }) => segment))].sort();
  const rows = segments.flatMap((segment) => {
    const byDate = new Map(listed.filter((one) => one.segment === segment).map((one) => [one.date, one]));
    return days.map((date) => {
      const found = byDate.get(date);
      const day = segment === CAPITAL_MARKET ? capitalMarket(date, found) : otherSegmentDay(date, found);
      return { segment, date, day, found };
    });
  });
  return {
    silver: silverFrame(rows, input),
    derived: rows.length - listed.length,
    quarantined,
    anomalies: calendarAnomalies(listed, input),
    metrics: {
      segments: segments.length,
      capital_market_sessions: rows.filter(({ segment, day }) => segment === CAPITAL_MARKET && day.open).length,
    },
  };
}

function readRows(bronze: pl.DataFrame): Listed[] {
  return readable(bronze).map((row) => ({
    segment: row.segment ?? '',
    date: businessDate(row.tradingDate ?? ''),
    weekDay: row.weekDay ?? null,
    name: row.description ?? null,
    morning: row.morning_session ?? null,
    evening: row.evening_session ?? null,
    line: Number(row.source_line),
  }));
}

/** The first entry of a day stays, each further one names it. */
function withoutRepeats(rows: readonly Listed[]): { listed: Listed[]; quarantined: QuarantinedRow[] } {
  const first = new Map<string, Listed>();
  const quarantined: QuarantinedRow[] = [];
  for (const row of rows) {
    const key = `${row.segment} ${row.date}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, row);
    else {
      const value = `${key} as in row ${before.line}`;
      quarantined.push({ line: row.line, rule: 'duplicate_key', column: 'segment,tradingDate', value });
    }
  }
  return { listed: [...first.values()], quarantined };
}

function daysOf(asked: BusinessDate): BusinessDate[] {
  const year = dateForms.year(asked);
  const days: BusinessDate[] = [];
  for (let date = businessDate(`${year}-01-01`); date.startsWith(year); date = addDays(date, 1)) days.push(date);
  return days;
}

function capitalMarketDays(listed: readonly Listed[]): (date: BusinessDate, found: Listed | undefined) => Day {
  const holidays = listed.map(({ date, name }) => ({ date, name: name ?? '' }));
  const calendar = new TradingCalendar(mergeFacts(seedFacts, factsFromHolidays(holidays)));
  return (date, found) => {
    const day = calendar.day(date);
    if (day.open) return { open: true, kind: day.kind, holiday: found?.name ?? null, note: day.note ?? null };
    const closure = day.reason === 'holiday' && found === undefined ? day.name : null;
    return { open: false, kind: null, holiday: found?.name ?? closure, note: null };
  };
}

function otherSegmentDay(date: BusinessDate, found: Listed | undefined): Day {
  if (found === undefined) {
    const open = !isWeekend(date);
    return { open, kind: open ? 'regular' : null, holiday: null, note: null };
  }
  const open = isOpen(found.morning) || isOpen(found.evening);
  return { open, kind: open ? 'special' : null, holiday: found.name, note: null };
}

function isOpen(session: string | null): boolean {
  return session?.toLowerCase() === 'open';
}

interface SilverRow {
  readonly segment: string;
  readonly date: BusinessDate;
  readonly day: Day;
  readonly found: Listed | undefined;
}

function silverFrame(rows: readonly SilverRow[], input: NormalizeInput<pl.DataFrame>): pl.DataFrame {
  const texts = (name: string, value: (row: SilverRow) => string | null) => pl.Series(name, rows.map(value), pl.String);
  const starts = rows.map(({ date }) => instantAt(date, '00:00').getTime() * 1000);
  const frame = pl.DataFrame([
    texts('segment', ({ segment }) => segment),
    texts('trade_date', ({ date }) => date),
    texts('weekday', ({ date }) => weekday(date)),
    pl.Series(
      'is_session',
      rows.map(({ day }) => day.open),
      pl.Bool,
    ),
    texts('session_kind', ({ day }) => day.kind),
    texts('holiday_name', ({ day }) => day.holiday),
    texts('session_note', ({ day }) => day.note),
    texts('morning_session', ({ found }) => found?.morning ?? null),
    texts('evening_session', ({ found }) => found?.evening ?? null),
    texts('event_id', ({ segment, date }) => eventId('trading-calendar', [segment, date])),
    pl.Series('event_time', starts, pl.Int64),
  ]);
  return sql(
    `SELECT segment, CAST(trade_date AS DATE) AS trade_date,
       CAST(${dateForms.year(input.date)} AS SMALLINT UNSIGNED) AS calendar_year, weekday, is_session, session_kind,
       holiday_name, session_note, morning_session, evening_session, CAST(${literal(input.date)} AS DATE) AS as_of,
       event_id, CAST(event_time AS TIMESTAMP) AS event_time,
       CAST(${input.ingestTime.getTime() * 1000} AS TIMESTAMP) AS ingest_time, ${literal(input.source)} AS source,
       CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version, segment || ':NSE' AS entity_id
     FROM days`,
    { days: frame },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}
