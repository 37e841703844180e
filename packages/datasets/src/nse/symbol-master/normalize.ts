import {
  type Anomaly,
  addDays,
  type BusinessDate,
  eventId,
  instantAt,
  type Normalized,
  type NormalizeInput,
} from '@champion/core';
import pl from 'nodejs-polars';
import { literal, sql } from '../../csv/index.ts';
import { rowCountDrop } from '../../row-count.ts';
import { Findings } from './findings.ts';
import { type Listing, readListings, readNameChanges, readSymbolChanges } from './lists.ts';
import { type Period, periodsOf } from './periods.ts';

/** A list with fewer rows than this share of the recent median is reported. */
const COMPLETE_SHARE = 0.9;

export const SCHEMA_VERSION = 1;

/** Days by which the exchange lists a company before its first session, at most. */
const LISTED_AHEAD = 31;

/**
 * Bronze → silver: one row per symbol and name and the days on which both were valid, by symbol, the oldest first. Each
 * kept row of EQUITY_L is one of them, of status "listed"; the others come from the lists of changes.
 */
export function normalizeSymbolMaster(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const equityList = input.bronze['equity-list'];
  if (!equityList) throw new RangeError('normalising the symbol master needs its bronze rows');
  const listings = readListings(equityList);
  const symbolChanges = readSymbolChanges(input.bronze['symbol-change']);
  const nameChanges = readNameChanges(input.bronze['name-change']);
  const findings = new Findings();
  noteListings(listings.rows, input.date, findings);
  const periods = periodsOf(
    { listings: listings.rows, symbolChanges: symbolChanges.rows, nameChanges: nameChanges.rows },
    input.date,
    findings,
  );
  const silver = silverFrame(periods, input);
  const count = (status: Period['status']) => periods.filter((period) => period.status === status).length;
  const anomalies = [
    ...findings.anomalies(),
    missingList(input, 'symbol-change', 'former symbols'),
    missingList(input, 'name-change', 'former names'),
    rowCountDrop(silver.height, input.recentRowCounts, COMPLETE_SHARE),
  ].filter((anomaly) => anomaly !== undefined);
  return {
    silver,
    derived: periods.length - count('listed'),
    quarantined: [...listings.quarantined, ...symbolChanges.quarantined, ...nameChanges.quarantined],
    anomalies,
    metrics: {
      listed: count('listed'),
      former: count('former'),
      announced: count('announced'),
      unlisted: count('unlisted'),
      symbol_changes: symbolChanges.rows.length,
      name_changes: nameChanges.rows.length,
    },
  };
}

function noteListings(listings: readonly Listing[], asOf: BusinessDate, findings: Findings): void {
  const symbolOf = new Map<string, string>();
  const horizon = addDays(asOf, LISTED_AHEAD);
  for (const { symbol, isin, isinPlaceholder, listed } of listings) {
    if (listed > horizon) findings.note('list_newer', `${symbol} on ${listed}`);
    if (isinPlaceholder !== null) findings.note('isin_placeholder', `${isinPlaceholder} of ${symbol}`);
    if (isin === null) continue;
    const other = symbolOf.get(isin);
    if (other === undefined) symbolOf.set(isin, symbol);
    else findings.note('isin_repeated', `${isin} of ${other} and ${symbol}`);
  }
}

function missingList({ bronze }: NormalizeInput<pl.DataFrame>, input: string, what: string): Anomaly | undefined {
  if (bronze[input]) return undefined;
  return {
    rule: 'list_missing',
    count: 1,
    message: `the list "${input}" is not there or empty: ${what} are not known from it`,
  };
}

function silverFrame(periods: readonly Period[], input: NormalizeInput<pl.DataFrame>): pl.DataFrame {
  const texts = (name: string, value: (period: Period) => string | null) =>
    pl.Series(name, periods.map(value), pl.String);
  /** What the list says of today is said of the listed row alone; who the company is, of all. */
  const listed = (name: string, value: (listing: Listing) => string | null) =>
    texts(name, ({ status, listing }) => (status === 'listed' && listing ? value(listing) : null));
  const frame = pl.DataFrame([
    texts('symbol', ({ symbol }) => symbol),
    texts('name', ({ name }) => name),
    texts('status', ({ status }) => status),
    texts('current_symbol', ({ current }) => current),
    listed('series', ({ series }) => series),
    texts('isin', ({ listing }) => listing?.isin ?? null),
    texts('listing_date', ({ listing }) => listing?.listed ?? null),
    listed('paid_up_value', ({ paidUpValue }) => paidUpValue),
    listed('market_lot', ({ marketLot }) => marketLot),
    listed('face_value', ({ faceValue }) => faceValue),
    texts('valid_from', ({ from }) => from),
    texts('valid_to', ({ to }) => to),
    texts('event_id', idOf),
    pl.Series(
      'event_time',
      periods.map(({ from, to }) => startOf(from ?? to ?? input.date)),
      pl.Int64,
    ),
    texts('entity_id', ({ symbol, status, listing }) =>
      status === 'listed' && listing ? `${symbol}:${listing.series}:NSE` : `${symbol}:NSE`,
    ),
  ]);
  return sql(
    `SELECT symbol, name, status, current_symbol, series, isin, CAST(listing_date AS DATE) AS listing_date,
       CAST(paid_up_value AS DECIMAL(18,4)) AS paid_up_value, CAST(market_lot AS INT UNSIGNED) AS market_lot,
       CAST(face_value AS DECIMAL(18,4)) AS face_value, CAST(valid_from AS DATE) AS valid_from,
       CAST(valid_to AS DATE) AS valid_to, CAST(${literal(input.date)} AS DATE) AS as_of, event_id,
       CAST(event_time AS TIMESTAMP) AS event_time,
       CAST(${input.ingestTime.getTime() * 1000} AS TIMESTAMP) AS ingest_time, ${literal(input.source)} AS source,
       CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version, entity_id
     FROM periods`,
    { periods: frame },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}

/** A period is named by its symbol and beginning; by its end where the beginning is not known. */
function idOf({ symbol, from, to }: Period): string {
  return eventId('symbol-master', from === null ? [symbol, '', to ?? ''] : [symbol, from]);
}

/** Microseconds of a day's beginning in India. */
function startOf(date: BusinessDate): number {
  return instantAt(date, '00:00').getTime() * 1000;
}
