import { eventId, instantAt, type Normalized, type NormalizeInput, type QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';
import { literal, quote, sql } from '../../csv/index.ts';
import { ISIN, isBadIsin } from '../../isin.ts';
import { rowCountDrop } from '../../row-count.ts';
import { previousCloseAnomaly } from './across-sessions.ts';
import { brokenRows, duplicates, lineOf, type Rows, softBreaks, texts, without } from './checks.ts';
import { withDelivery } from './delivery/with-delivery.ts';
import { hardRulesOn, softRules } from './rules.ts';

export const SCHEMA_VERSION = 1;

/** A session with fewer rows than this share of the recent median is reported. */
const COMPLETE_SHARE = 0.9;

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

/**
 * Bronze → silver: one row per (trade_date, symbol, series), sorted by symbol and series, prices and turnover as
 * decimals, with what of it was delivered where the delivery file says so, and the envelope. Rows that break a hard rule
 * are left out and returned as quarantined.
 */
export function normalizeBhavcopy(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const { bhavcopy, delivery } = input.bronze;
  if (!bhavcopy) throw new RangeError('normalising a bhavcopy needs its bronze rows');
  const rows = unify(bhavcopy, input.format);
  const quarantined = [...brokenRows(rows, hardRulesOn(input.date)), ...badIsins(rows)];
  quarantined.push(...duplicates(without(rows, quarantined)));
  const kept = without(rows, quarantined);
  const delivered = withDelivery(kept, delivery);
  const silver = withEnvelope(delivered.rows, input);
  const anomalies = [
    ...softBreaks(kept, softRules),
    ...delivered.anomalies,
    previousCloseAnomaly(silver, input.previous),
    rowCountDrop(silver.height, input.recentRowCounts, COMPLETE_SHARE),
  ].filter((anomaly) => anomaly !== undefined);
  const { metrics } = delivered;
  return { silver, quarantined: [...quarantined, ...delivered.quarantined], anomalies, ...(metrics && { metrics }) };
}

/** The entity id of each bronze row, whatever the format: as `withEnvelope` makes it. */
export function entityIds(bronze: Rows): readonly string[] {
  const [symbol, series] = bronze.columns.includes('TckrSymb') ? ['TckrSymb', 'SctySrs'] : ['SYMBOL', 'SERIES'];
  const of = texts(bronze, series);
  return texts(bronze, symbol).map((name, i) => `${name}:${of[i]}:NSE`);
}

/**
 * The published columns under silver's names, whatever the format, with `exchange`, `segment` and `source_line` for the rules. Where
 * nothing traded last, UDiFF leaves the last price empty and the legacy file prints 0.0: both become null.
 */
function unify(bronze: Rows, format: string): Rows {
  const present = new Set(bronze.columns);
  const columns = Object.entries(published).map(([column, [udiff, legacy, type]]) => {
    const from = format === 'legacy' ? legacy : udiff;
    const value = from !== undefined && present.has(from) ? quote(from) : `CAST(NULL AS ${type})`;
    return `${column === 'last' ? `CASE WHEN ${value} = 0 THEN NULL ELSE ${value} END` : value} AS ${column}`;
  });
  const [exchange, segment] = present.has('Sgmt') ? ['Src', 'Sgmt'] : [`'NSE'`, `'CM'`];
  return sql(
    `SELECT ${columns.join(', ')}, ${exchange} AS exchange, ${segment} AS segment, source_line FROM bronze ORDER BY symbol, series, source_line`,
    { bronze },
  );
}

/** Rows whose ISIN is none, by its check digit. The exchange's placeholders are let through, as null. */
function badIsins(rows: Rows): QuarantinedRow[] {
  const isins = texts(rows, 'isin');
  const bad: QuarantinedRow[] = [];
  isins.forEach((isin, i) => {
    if (isBadIsin(isin)) bad.push({ line: lineOf(rows, i), rule: 'isin_check_digit', column: 'isin', value: isin });
  });
  return bad;
}

/** The exchange's regular close; an end-of-day bar speaks of the session up to here. */
const CLOSE = '15:30';

function withEnvelope(rows: Rows, input: NormalizeInput<pl.DataFrame>): Rows {
  const symbols = texts(rows, 'symbol');
  const series = texts(rows, 'series');
  const ids = symbols.map((symbol, i) => eventId('bhavcopy', [input.date, symbol ?? '', series[i] ?? '']));
  const columns = Object.keys(published).map((column) => (column === 'isin' ? `${ISIN} AS isin` : column));
  const microseconds = (instant: Date) => `CAST(${instant.getTime() * 1000} AS TIMESTAMP)`;
  return sql(
    `SELECT CAST(${literal(input.date)} AS DATE) AS trade_date, ${columns.join(', ')}, delivery_qty, delivery_pct,
       ${literal(input.format)} AS source_format, event_id,
       ${microseconds(instantAt(input.date, CLOSE))} AS event_time, ${microseconds(input.ingestTime)} AS ingest_time,
       ${literal(input.source)} AS source, CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version,
       symbol || ':' || series || ':NSE' AS entity_id
     FROM rows`,
    { rows: rows.withColumns(pl.Series('event_id', ids, pl.String)) },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}
