import {
  type Anomaly,
  eventId,
  instantAt,
  isValidIsin,
  type Normalized,
  type NormalizeInput,
  plural,
  type QuarantinedRow,
} from '@champion/core';
import pl from 'nodejs-polars';
import { literal, quote, sql } from '../../csv/index.ts';
import { completenessAnomaly, previousCloseAnomaly } from './across-sessions.ts';
import { hardRules, ISIN_PLACEHOLDERS, softRules } from './rules.ts';

export const SCHEMA_VERSION = 1;

/** Silver's columns that the exchange publishes: where each stands in UDiFF and in the legacy file, and its type. */
const published = {
  symbol: ['TckrSymb', 'SYMBOL', 'VARCHAR'],
  series: ['SctySrs', 'SERIES', 'VARCHAR'],
  isin: ['ISIN', 'ISIN', 'VARCHAR'],
  instrument_id: ['FinInstrmId', undefined, 'INT UNSIGNED'],
  name: ['FinInstrmNm', undefined, 'VARCHAR'],
  open: ['OpnPric', 'OPEN', 'DECIMAL(18,4)'],
  high: ['HghPric', 'HIGH', 'DECIMAL(18,4)'],
  low: ['LwPric', 'LOW', 'DECIMAL(18,4)'],
  close: ['ClsPric', 'CLOSE', 'DECIMAL(18,4)'],
  last: ['LastPric', 'LAST', 'DECIMAL(18,4)'],
  prev_close: ['PrvsClsgPric', 'PREVCLOSE', 'DECIMAL(18,4)'],
  volume: ['TtlTradgVol', 'TOTTRDQTY', 'BIGINT UNSIGNED'],
  turnover: ['TtlTrfVal', 'TOTTRDVAL', 'DECIMAL(24,4)'],
  trades: ['TtlNbOfTxsExctd', 'TOTALTRADES', 'BIGINT UNSIGNED'],
  lot_size: ['NewBrdLotQty', undefined, 'INT UNSIGNED'],
} as const;

type Rows = pl.DataFrame;

/**
 * Bronze → silver: one row per (trade_date, symbol, series), sorted by symbol and series, prices and turnover as
 * decimals, with the envelope. Rows that break a hard rule are left out and returned as quarantined.
 */
export function normalizeBhavcopy(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const { bhavcopy } = input.bronze;
  if (!bhavcopy) throw new RangeError('normalising a bhavcopy needs its bronze rows');
  const rows = unify(bhavcopy, input.format);
  const quarantined = [...brokenRows(rows), ...badIsins(rows)];
  quarantined.push(...duplicates(without(rows, quarantined)));
  const kept = without(rows, quarantined);
  const silver = withEnvelope(kept, input);
  const anomalies = [
    ...softBreaks(kept),
    previousCloseAnomaly(silver, input.previous),
    completenessAnomaly(silver.height, input.recentRowCounts),
  ].filter((anomaly) => anomaly !== undefined);
  return { silver, quarantined, anomalies };
}

/**
 * The published columns under silver's names, whatever the format, with `segment` and `source_line` for the rules. Where
 * nothing traded last, UDiFF leaves the last price empty and the legacy file prints 0.0: both become null.
 */
function unify(bronze: Rows, format: string): Rows {
  const present = new Set(bronze.columns);
  const columns = Object.entries(published).map(([column, [udiff, legacy, type]]) => {
    const from = format === 'legacy' ? legacy : udiff;
    const value = from !== undefined && present.has(from) ? quote(from) : `CAST(NULL AS ${type})`;
    return `${column === 'last' ? `CASE WHEN ${value} = 0 THEN NULL ELSE ${value} END` : value} AS ${column}`;
  });
  const segment = present.has('Sgmt') ? 'Sgmt' : `'CM'`;
  return sql(
    `SELECT ${columns.join(', ')}, ${segment} AS segment, source_line FROM bronze ORDER BY symbol, series, source_line`,
    { bronze },
  );
}

/** Rows that break a hard rule, each under the first it breaks. */
function brokenRows(rows: Rows): QuarantinedRow[] {
  const cases = hardRules.map(({ breaks }, i) => `WHEN ${breaks} THEN ${i}`).join(' ');
  const broken = sql(
    `SELECT * FROM (SELECT *, CASE ${cases} ELSE NULL END AS broken FROM rows) AS t WHERE broken IS NOT NULL`,
    {
      rows,
    },
  );
  return readable(broken).map((row) => {
    const rule = hardRules[Number(row.broken)];
    return {
      line: Number(row.source_line),
      rule: rule?.rule ?? '',
      column: rule?.column ?? '',
      value: rule ? (row[rule.column] ?? null) : null,
    };
  });
}

/** Rows whose ISIN is none, by its check digit. The exchange's placeholders are let through, as null. */
function badIsins(rows: Rows): QuarantinedRow[] {
  const isins = texts(rows, 'isin');
  const bad: QuarantinedRow[] = [];
  isins.forEach((isin, i) => {
    if (isin === null || isValidIsin(isin) || ISIN_PLACEHOLDERS.includes(isin)) return;
    bad.push({ line: lineOf(rows, i), rule: 'isin_check_digit', column: 'isin', value: isin });
  });
  return bad;
}

/** The first row of a key stays, each further one names it. Rows come sorted by key and line. */
function duplicates(rows: Rows): QuarantinedRow[] {
  const symbols = texts(rows, 'symbol');
  const series = texts(rows, 'series');
  const found: QuarantinedRow[] = [];
  let first = 0;
  for (let i = 1; i < symbols.length; i++) {
    if (symbols[i] !== symbols[first] || series[i] !== series[first]) {
      first = i;
      continue;
    }
    const value = `${symbols[i]}:${series[i]} as on line ${lineOf(rows, first)}`;
    found.push({ line: lineOf(rows, i), rule: 'duplicate_key', column: 'symbol,series', value });
  }
  return found;
}

function softBreaks(rows: Rows): Anomaly[] {
  const counts = softRules.map(({ breaks }, i) => `SUM(CASE WHEN ${breaks} THEN 1 ELSE 0 END) AS r${i}`).join(', ');
  const [count = {}] = sql(`SELECT ${counts} FROM rows`, { rows }).toRecords();
  return softRules.flatMap(({ rule, column, breaks }, i) => {
    const rowsBroken = Number(count[`r${i}`] ?? 0);
    if (rowsBroken === 0) return [];
    const [example = {}] = readable(sql(`SELECT * FROM rows WHERE ${breaks} LIMIT 1`, { rows }));
    const said = `${example.symbol} ${example.series} with ${column} ${example[column]}`;
    return [{ rule, count: rowsBroken, message: `${plural(rowsBroken, 'row')}, for example ${said}` }];
  });
}

function without(rows: Rows, quarantined: readonly QuarantinedRow[]): Rows {
  if (quarantined.length === 0) return rows;
  const lines = pl.DataFrame({
    line: pl.Series(
      'line',
      quarantined.map(({ line }) => line),
      pl.UInt32,
    ),
  });
  return sql(
    'SELECT rows.* FROM rows LEFT ANTI JOIN lines ON rows.source_line = lines.line ORDER BY symbol, series, source_line',
    {
      rows,
      lines,
    },
  );
}

/** The exchange's regular close; an end-of-day bar speaks of the session up to here. */
const CLOSE = '15:30';

function withEnvelope(rows: Rows, input: NormalizeInput<pl.DataFrame>): Rows {
  const symbols = texts(rows, 'symbol');
  const series = texts(rows, 'series');
  const ids = symbols.map((symbol, i) => eventId('bhavcopy', [input.date, symbol ?? '', series[i] ?? '']));
  const placeholders = ISIN_PLACEHOLDERS.map(literal).join(', ');
  const columns = Object.keys(published).map((column) =>
    column === 'isin' ? `CASE WHEN isin IN (${placeholders}) THEN NULL ELSE isin END AS isin` : column,
  );
  const microseconds = (instant: Date) => `CAST(${instant.getTime() * 1000} AS TIMESTAMP)`;
  return sql(
    `SELECT CAST(${literal(input.date)} AS DATE) AS trade_date, ${columns.join(', ')},
       ${literal(input.format)} AS source_format, event_id,
       ${microseconds(instantAt(input.date, CLOSE))} AS event_time, ${microseconds(input.ingestTime)} AS ingest_time,
       ${literal(input.source)} AS source, CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version,
       symbol || ':' || series || ':NSE' AS entity_id
     FROM rows`,
    { rows: rows.withColumns(pl.Series('event_id', ids, pl.String)) },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}

function texts(rows: Rows, column: string): (string | null)[] {
  return rows.getColumn(column).toArray() as (string | null)[];
}

function lineOf(rows: Rows, index: number): number {
  return Number(rows.getColumn('source_line').getIndex(index));
}

/** Rows as text; decimals cannot be read into JavaScript otherwise. For the few rows that are shown, not for a file. */
function readable(rows: Rows): Record<string, string | null>[] {
  if (rows.height === 0) return [];
  return sql(
    `SELECT ${rows.columns.map((column) => `CAST(${quote(column)} AS VARCHAR) AS ${quote(column)}`)} FROM rows`,
    {
      rows,
    },
  ).toRecords() as Record<string, string | null>[];
}
