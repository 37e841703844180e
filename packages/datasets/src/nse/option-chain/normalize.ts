import { type Anomaly, eventId, type Normalized, type NormalizeInput, parseDecimal } from '@champion/core';
import pl from 'nodejs-polars';
import { literal, sql } from '../../csv/index.ts';
import { judge, readable } from '../../json/index.ts';
import type { ChainFormat } from './legs.ts';
import { expiryOfInput } from './requests.ts';
import { hardRules, softRules } from './rules.ts';
import { atTheMoneyIv, maxPain, putCallRatio, type SummaryLeg } from './summary.ts';
import { anomaliesWithin } from './within-the-day.ts';

export const SCHEMA_VERSION = 1;

/** Where the fields that the shapes spell differently stand. */
const SPELLING = {
  v2: {
    bid: 'bidprice',
    bidQuantity: '"bidQty"',
    ask: '"askPrice"',
    askQuantity: '"askQty"',
    changePercent: '"pChange"',
  },
  v3: {
    bid: '"buyPrice1"',
    bidQuantity: '"buyQuantity1"',
    ask: '"sellPrice1"',
    askQuantity: '"sellQuantity1"',
    changePercent: 'pchange',
  },
} as const satisfies Record<ChainFormat, unknown>;

/** Columns of silver between the key and the envelope. */
const FIGURES = [
  'identifier',
  'open_interest',
  'change_in_open_interest',
  'volume',
  'iv',
  'last',
  'change',
  'change_pct',
  'bid',
  'bid_quantity',
  'ask',
  'ask_quantity',
  'total_bid_quantity',
  'total_ask_quantity',
  'underlying_value',
];

const KEY = ['expiry', 'strike', 'option_type'];

/** Files of one snapshot whose own times lie further apart than this are not of one moment. */
const SPREAD_MS = 5 * 60_000;
/** The exchange's totals are rounded to whole contracts. */
const TOTAL_TOLERANCE = 1;

type Rows = pl.DataFrame;

/**
 * Bronze → silver: one row per (symbol, expiry, strike, option_type, snapshot_time), sorted by it. The snapshot's time
 * is the latest of its files' own; each row's `event_time` is its file's.
 */
export function normalizeOptionChain(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const { slice, format, date } = input;
  const symbol = slice.scope.symbol ?? '';
  const chains = Object.entries(input.bronze);
  if (!input.snapshot) throw new RangeError('normalising an option chain needs its time');
  const { time } = input.snapshot;
  const rows = pl.concat(chains.map(([name, chain]) => unify(chain, format === 'v2' ? 'v2' : 'v3', name, date)));
  const { kept, quarantined } = judge(rows, hardRules, KEY);
  const named = names(rows);
  return {
    silver: withEnvelope(kept, { symbol, time, input }),
    quarantined: quarantined.map((row) => ({ ...row, value: `${named.get(row.line)}: ${row.value ?? ''}` })),
    anomalies: [
      ...softBreaks(kept),
      ...totalMismatches(rows),
      ...timeSpread(chains.map(([, chain]) => Number(chain.getColumn('timestamp').getIndex(0)))),
      ...anomaliesWithin(kept, time, input.latestSnapshot),
    ],
    metrics: metricsOf(kept),
  };
}

/** A published chain under silver's names, with what the rules look at besides. A zero that stands for nothing is null. */
function unify(chain: Rows, format: ChainFormat, input: string, date: string): Rows {
  const { bid, bidQuantity, ask, askQuantity, changePercent } = SPELLING[format];
  const unlessZero = (column: string, otherwise = column) => `CASE WHEN ${column} = 0 THEN NULL ELSE ${otherwise} END`;
  const asked = expiryOfInput(input);
  return sql(
    `SELECT CAST(${literal(date)} AS DATE) AS trade_date, underlying AS symbol, "expiryDate" AS expiry,
       "strikePrice" AS strike, type AS option_type, identifier, "openInterest" AS open_interest,
       "changeinOpenInterest" AS change_in_open_interest, "totalTradedVolume" AS volume,
       ${unlessZero('"impliedVolatility"')} AS iv, ${unlessZero('"lastPrice"')} AS last,
       ${unlessZero('"lastPrice"', 'change')} AS change, ${unlessZero('"lastPrice"', changePercent)} AS change_pct,
       ${unlessZero(bid)} AS bid, ${unlessZero(bid, bidQuantity)} AS bid_quantity,
       ${unlessZero(ask)} AS ask, ${unlessZero(ask, askQuantity)} AS ask_quantity,
       "totalBuyQuantity" AS total_bid_quantity, "totalSellQuantity" AS total_ask_quantity,
       COALESCE(${unlessZero('"records.underlyingValue"')}, ${unlessZero('"underlyingValue"')}) AS underlying_value,
       ${unlessZero('"underlyingValue"')} AS leg_underlying, "rowStrike" AS row_strike, "rowExpiry" AS row_expiry,
       CAST(${asked === undefined ? 'NULL' : literal(asked)} AS DATE) AS asked_expiry, "totOI" AS total_interest,
       timestamp AS event_ms, source_line
     FROM chain`,
    { chain },
  );
}

/** What each leg is, by its line. */
function names(rows: Rows): Map<number, string> {
  const found = readable(rows.select('expiry', 'strike', 'option_type', 'source_line'));
  return new Map(
    found.map(({ expiry, strike, option_type, source_line }) => [
      Number(source_line),
      `${expiry ?? '?'} ${plain(strike ?? '?')} ${option_type}`,
    ]),
  );
}

function softBreaks(rows: Rows): Anomaly[] {
  return softRules.flatMap(({ rule, column, breaks }) => {
    const broken = readable(sql(`SELECT * FROM rows WHERE ${breaks}`, { rows }));
    const [example] = broken;
    if (!example) return [];
    const said = `${example.expiry} ${plain(example.strike ?? '')} ${example.option_type} with ${column} ${example[column]}`;
    return [{ rule, count: broken.length, message: `${broken.length} legs, for example ${said}` }];
  });
}

/** Legs that do not add up to the open interest that the exchange counts: the chain may be cut. */
function totalMismatches(rows: Rows): Anomaly[] {
  const sums = readable(
    sql(
      `SELECT row_expiry, option_type, SUM(open_interest) AS sum, MAX(total_interest) AS total
       FROM rows WHERE total_interest IS NOT NULL GROUP BY row_expiry, option_type ORDER BY row_expiry, option_type`,
      { rows },
    ),
  ).filter(({ sum, total }) => Math.abs(Number(sum) - Number(total)) > TOTAL_TOLERANCE);
  const [example] = sums;
  if (!example) return [];
  const { row_expiry, option_type, sum, total } = example;
  const message = `${row_expiry} ${option_type}: the legs have ${sum} contracts open, the exchange counts ${total}. Legs may be missing.`;
  return [{ rule: 'total_mismatch', count: sums.length, message }];
}

function timeSpread(times: readonly number[]): Anomaly[] {
  const minutes = (Math.max(...times) - Math.min(...times)) / 60_000;
  if (minutes * 60_000 <= SPREAD_MS) return [];
  const message = `the expiries of this snapshot are ${Math.round(minutes)} minutes apart: one of them is old`;
  return [{ rule: 'time_spread', count: 1, message }];
}

/** Counts, and the summary of the nearest expiry; what cannot be told is left out. */
function metricsOf(rows: Rows): Record<string, number> {
  const legs = readable(rows.select('expiry', 'strike', 'option_type', 'open_interest', 'iv', 'underlying_value'));
  const strikes = new Set(legs.map(({ expiry, strike }) => `${expiry} ${strike}`));
  const expiries = [...new Set(legs.map(({ expiry }) => expiry ?? ''))].sort();
  const nearest = legs.filter(({ expiry }) => expiry === expiries[0]);
  const summary: SummaryLeg[] = nearest.map((leg) => ({
    strike: units(leg.strike) ?? 0n,
    type: leg.option_type === 'CE' ? 'CE' : 'PE',
    openInterest: units(leg.open_interest) ?? 0n,
    iv: units(leg.iv),
  }));
  const underlying = units(nearest.find(({ underlying_value }) => underlying_value !== null)?.underlying_value ?? null);
  const pain = maxPain(summary);
  const found = {
    legs: legs.length,
    legs_absent: strikes.size * 2 - legs.length,
    expiries: expiries.length,
    nearest_put_call_ratio: putCallRatio(summary),
    nearest_max_pain: pain === null ? null : Number(pain),
    nearest_atm_iv: atTheMoneyIv(summary, underlying),
  };
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, number] => entry[1] !== null));
}

function units(decimal: string | null | undefined): bigint | null {
  return decimal === null || decimal === undefined ? null : (parseDecimal(decimal, 4) ?? null);
}

function plain(decimal: string): string {
  return decimal.replace(/\.0+$/, '').replace(/(\.\d*?)0+$/, '$1');
}

interface Envelope {
  readonly symbol: string;
  /** The snapshot's. */
  readonly time: string;
  readonly input: NormalizeInput<pl.DataFrame>;
}

function withEnvelope(rows: Rows, { symbol, time, input }: Envelope): Rows {
  const spoken = time.slice(0, 19).replace('T', ' ');
  const keys = readable(rows.select(...KEY)).map(({ expiry, strike, option_type }) => {
    return { expiry: expiry ?? '', strike: strike ?? '', type: option_type ?? '' };
  });
  const ids = keys.map(({ expiry, strike, type }) => eventId('option-chain', [symbol, expiry, strike, type, spoken]));
  const entities = keys.map(({ expiry, strike, type }) => [symbol, expiry, plain(strike), type, 'NSE'].join(':'));
  const marked = rows.withColumns(pl.Series('event_id', ids, pl.String), pl.Series('entity_id', entities, pl.String));
  return sql(
    `SELECT trade_date, CAST(${Date.parse(time) * 1000} AS TIMESTAMP) AS snapshot_time, ${literal(symbol)} AS symbol,
       ${KEY.join(', ')}, ${FIGURES.join(', ')}, ${literal(input.format)} AS source_format, event_id,
       CAST(event_ms * 1000 AS TIMESTAMP) AS event_time,
       CAST(${input.ingestTime.getTime() * 1000} AS TIMESTAMP) AS ingest_time,
       ${literal(input.source)} AS source, CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version, entity_id
     FROM rows ORDER BY expiry, strike, option_type`,
    { rows: marked },
  ).withColumns(pl.cols('snapshot_time', 'event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}
