import { type Anomaly, eventId, instantAt, type Normalized, type NormalizeInput } from '@champion/core';
import pl from 'nodejs-polars';
import { literal, quote, sql } from '../../csv/index.ts';
import { ISIN, isBadIsin } from '../../isin.ts';
import { indianTime, judge, readable } from '../../json/index.ts';
import { expectedMembers } from './indices.ts';
import { type Member, membershipAnomalies, membershipChanges } from './membership.ts';
import { hardRules, softRules } from './rules.ts';

export const SCHEMA_VERSION = 1;

const PRICE = 'DECIMAL(18,4)';
const AMOUNT = 'DECIMAL(24,4)';

/** Silver's columns that are published: where each stands in the site's answer and in the list, and its type. */
const published = {
  symbol: ['symbol', 'Symbol', 'VARCHAR'],
  series: ['series', 'Series', 'VARCHAR'],
  isin: ['meta.isin', 'ISIN Code', 'VARCHAR'],
  company_name: ['meta.companyName', 'Company Name', 'VARCHAR'],
  industry: ['meta.industry', 'Industry', 'VARCHAR'],
  open: ['open', undefined, PRICE],
  high: ['dayHigh', undefined, PRICE],
  low: ['dayLow', undefined, PRICE],
  last: ['lastPrice', undefined, PRICE],
  prev_close: ['previousClose', undefined, PRICE],
  change_pct: ['pChange', undefined, PRICE],
  year_high: ['yearHigh', undefined, PRICE],
  year_low: ['yearLow', undefined, PRICE],
  volume: ['totalTradedVolume', undefined, 'BIGINT UNSIGNED'],
  turnover: ['totalTradedValue', undefined, AMOUNT],
  ffmc: ['ffmc', undefined, AMOUNT],
  weight: [undefined, undefined, 'DECIMAL(9,4)'],
  index_open: ['index.open', undefined, PRICE],
  index_high: ['index.dayHigh', undefined, PRICE],
  index_low: ['index.dayLow', undefined, PRICE],
  index_last: ['index.lastPrice', undefined, PRICE],
  index_prev_close: ['index.previousClose', undefined, PRICE],
} as const;

type Rows = pl.DataFrame;

/** The exchange's regular close. */
const CLOSE = '15:30';

/** Bronze → silver: one row per (trade_date, index_name, symbol), members only, sorted by symbol, with the envelope. */
export function normalizeConstituents(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const { slice, date, format } = input;
  const bronze = input.bronze[slice.inputs[0].name];
  if (!bronze) throw new RangeError('normalising the members of an index needs their bronze rows');
  const index = slice.scope.index_name ?? '';
  const rows = unify(bronze, format, instantAt(date, CLOSE));
  const bad = badIsins(rows);
  const { kept, quarantined } = judge(withMark(rows, bad), hardRulesAnd(bad), ['symbol']);
  const members = membersOf(kept);
  const changes = input.previous && membershipChanges(membersOf(input.previous.silver), members);
  const anomalies = [
    ...countAnomaly(index, expectedMembers(index, date), members.length),
    ...(changes && input.previous ? membershipAnomalies(index, input.previous.date, changes) : []),
    ...softBreaks(kept),
    ...fileAnomalies(kept, input),
  ];
  return {
    silver: withEnvelope(kept, index, input),
    quarantined,
    anomalies,
    metrics: {
      members: members.length,
      ...(changes ? { members_added: changes.added.length, members_removed: changes.removed.length } : {}),
    },
  };
}

/** The published columns under silver's names, whatever the format, with `event_ms` and `source_line`. */
function unify(bronze: Rows, format: string, close: Date): Rows {
  const columns = Object.entries(published).map(([column, [answer, list, type]]) => {
    const from = format === 'csv' ? list : answer;
    return `${from === undefined ? `CAST(NULL AS ${type})` : quote(from)} AS ${column}`;
  });
  const at = format === 'csv' ? `CAST(${close.getTime()} AS BIGINT)` : 'timestamp';
  // An empty field of the list is null already; the site's own is trimmed by the reader.
  return sql(`SELECT ${columns.join(', ')}, ${at} AS event_ms, source_line FROM bronze ORDER BY source_line`, {
    bronze,
  });
}

/** For each row whether its ISIN is none. */
function badIsins(rows: Rows): boolean[] {
  const isins = rows.getColumn('isin').toArray() as (string | null)[];
  return isins.map(isBadIsin);
}

function withMark(rows: Rows, bad: readonly boolean[]): Rows {
  return rows.withColumns(pl.Series('isin_bad', [...bad], pl.Bool));
}

function hardRulesAnd(bad: readonly boolean[]) {
  if (!bad.includes(true)) return hardRules;
  return [...hardRules, { rule: 'isin_check_digit', column: 'isin', breaks: 'isin_bad' }];
}

function membersOf(rows: Rows): Member[] {
  const isins = rows.getColumn('isin').toArray() as (string | null)[];
  return (rows.getColumn('symbol').toArray() as string[]).map((symbol, i) => ({ symbol, isin: isins[i] ?? null }));
}

/** One more for a while is a company split off from a member; one less is a row in quarantine or a broken answer. */
function countAnomaly(index: string, expected: number | undefined, members: number): Anomaly[] {
  if (expected === undefined || members === expected) return [];
  const message = `${index} has ${members} members where ${expected} are expected`;
  return [{ rule: 'member_count', count: Math.abs(members - expected), message }];
}

function softBreaks(rows: Rows): Anomaly[] {
  return softRules.flatMap(({ rule, column, breaks }) => {
    const broken = readable(sql(`SELECT * FROM rows WHERE ${breaks}`, { rows }));
    const [example] = broken;
    if (!example) return [];
    const message = `${broken.length} members, for example ${example.symbol} with ${column} ${example[column]}`;
    return [{ rule, count: broken.length, message }];
  });
}

/** What the file as a whole leaves open. */
function fileAnomalies(rows: Rows, { date, format }: NormalizeInput<pl.DataFrame>): Anomaly[] {
  if (format === 'csv') {
    return [
      {
        rule: 'undated_list',
        count: 1,
        message: `the list of members does not say of when it is: it is taken for that of ${date}, without quotes`,
      },
    ];
  }
  const [first] = readable(rows.head(1));
  const early = first !== undefined && Number(first.event_ms) < instantAt(date, CLOSE).getTime();
  return [
    ...(early
      ? [
          {
            rule: 'before_close',
            count: 1,
            message: `the quotes are of ${indianTime(Number(first.event_ms)).slice(11, 19)}, before the close: run again in the evening`,
          },
        ]
      : []),
    ...(first?.index_last == null
      ? [{ rule: 'index_quote_missing', count: 1, message: 'the answer has no quote of the index itself' }]
      : []),
  ];
}

function withEnvelope(rows: Rows, index: string, input: NormalizeInput<pl.DataFrame>): Rows {
  const ids = membersOf(rows).map(({ symbol }) => eventId('index-constituents', [input.date, index, symbol]));
  const columns = Object.keys(published).map((column) => (column === 'isin' ? `${ISIN} AS isin` : column));
  return sql(
    `SELECT CAST(${literal(input.date)} AS DATE) AS trade_date, ${literal(index)} AS index_name, ${columns.join(', ')},
       ${literal(input.format)} AS source_format, event_id,
       CAST(event_ms * 1000 AS TIMESTAMP) AS event_time,
       CAST(${input.ingestTime.getTime() * 1000} AS TIMESTAMP) AS ingest_time,
       ${literal(input.source)} AS source, CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version,
       symbol || ':' || COALESCE(series, 'EQ') || ':NSE' AS entity_id
     FROM rows ORDER BY symbol`,
    { rows: rows.withColumns(pl.Series('event_id', ids, pl.String)) },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}
