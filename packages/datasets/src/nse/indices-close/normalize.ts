import { type Anomaly, eventId, instantAt, type Normalized, type NormalizeInput, plural } from '@champion/core';
import pl from 'nodejs-polars';
import { literal, quote, sql } from '../../csv/index.ts';
import { judge, type RowRule, readable } from '../../json/index.ts';
import { rowCountDrop } from '../../row-count.ts';
import { anomaliesAgainst } from './across-sessions.ts';
import { hardRules, softRules } from './rules.ts';

export const SCHEMA_VERSION = 1;

/** The exchange's regular close; an end-of-day level speaks of the session up to here. */
const CLOSE = '15:30';

/** A session with fewer rows than this share of the recent median is reported. */
const COMPLETE_SHARE = 0.9;

/** Silver's columns and where each stands in the file. */
const published = {
  open: 'Open Index Value',
  high: 'High Index Value',
  low: 'Low Index Value',
  close: 'Closing Index Value',
  points_change: 'Points Change',
  change_pct: 'Change(%)',
  volume: 'Volume',
  turnover_crore: 'Turnover (Rs. Cr.)',
  pe: 'P/E',
  pb: 'P/B',
  div_yield: 'Div Yield',
} as const;

/**
 * Bronze → silver: one row per (trade_date, index_name), sorted by name, numbers as decimals, with the envelope. Rows that
 * break a hard rule are left out and returned as quarantined.
 */
export function normalizeIndicesClose(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const bronze = input.bronze['indices-close'];
  if (!bronze) throw new RangeError("normalising the indices' closes needs their bronze rows");
  const columns = Object.entries(published).map(([column, from]) => `${quote(from)} AS ${column}`);
  const rows = sql(
    `SELECT NULLIF(TRIM(${quote('Index Name')}), '') AS index_name, ${columns.join(', ')}, source_line FROM bronze`,
    { bronze },
  );
  const { kept, quarantined } = judge(rows, hardRules, ['index_name']);
  const silver = withEnvelope(kept, input);
  const drop = rowCountDrop(silver.height, input.recentRowCounts, COMPLETE_SHARE);
  const anomalies = [...softRules.flatMap((rule) => softBreaks(silver, rule)), ...(drop ? [drop] : [])];
  anomalies.push(...anomaliesAgainst(input.previous, { rows, silver }));
  return { silver, quarantined, anomalies };
}

function softBreaks(silver: pl.DataFrame, { rule, column, breaks }: RowRule): Anomaly[] {
  const broken = readable(
    sql(`SELECT index_name, ${column} FROM silver WHERE ${breaks} ORDER BY index_name`, { silver }),
  );
  const [example] = broken;
  if (!example) return [];
  const said = `${example.index_name} with ${column} ${example[column]}`;
  return [{ rule, count: broken.length, message: `${plural(broken.length, 'index', 'indices')}, for example ${said}` }];
}

function withEnvelope(rows: pl.DataFrame, input: NormalizeInput<pl.DataFrame>): pl.DataFrame {
  const names = rows.getColumn('index_name').toArray() as string[];
  const ids = names.map((name) => eventId('indices-close', [input.date, name]));
  const microseconds = (instant: Date) => `CAST(${instant.getTime() * 1000} AS TIMESTAMP)`;
  return sql(
    `SELECT CAST(${literal(input.date)} AS DATE) AS trade_date, index_name, ${Object.keys(published).join(', ')}, event_id,
       ${microseconds(instantAt(input.date, CLOSE))} AS event_time, ${microseconds(input.ingestTime)} AS ingest_time,
       ${literal(input.source)} AS source, CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version,
       index_name || ':INDEX:NSE' AS entity_id
     FROM rows ORDER BY index_name`,
    { rows: rows.withColumns(pl.Series('event_id', ids, pl.String)) },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}
