import { eventId, formatDecimal } from '@champion/core';
import pl from 'nodejs-polars';

/** A bar of a made-up session; prices and turnover are counts of 0.0001 rupee. */
export interface Bar {
  readonly symbol: string;
  readonly close: bigint;
  readonly turnover: bigint;
  readonly volume: bigint;
  readonly last?: string | null;
}

/** `count` bars whose figures have no pattern that a float would survive by luck. */
export function bars(count: number, seed = 1): Bar[] {
  return Array.from({ length: count }, (_, i) => {
    const close = BigInt(500 + ((i * 7919 + seed * 104_729) % 90_000_000));
    const volume = BigInt(1 + ((i * 15_485_863) % 9_999_991));
    return { symbol: `S${String(i).padStart(5, '0')}`, close, volume, turnover: close * volume + 1n };
  });
}

/** Writes silver rows of equity_ohlc as the datasets write them. */
export function writeOhlc(
  file: string,
  input: { date: string; source: string; ingest: string; bars: readonly Bar[] },
): void {
  const rows = input.bars;
  const text = (values: (string | null)[]) => pl.Series('', values, pl.Utf8);
  const price = (of: (bar: Bar) => string | null) => text(rows.map(of)).cast(pl.Decimal(18, 4));
  const same = (value: string) => text(rows.map(() => value));
  const instant = (at: string, zone: string) =>
    pl
      .Series(
        '',
        rows.map(() => new Date(at)),
      )
      .cast(pl.Datetime('ms', zone));
  const close = price((bar) => formatDecimal(bar.close, 4));
  const columns: Record<string, pl.Series> = {
    trade_date: same(input.date).str.strptime(pl.Date, '%Y-%m-%d'),
    symbol: text(rows.map((bar) => bar.symbol)),
    series: same('EQ'),
    isin: text(rows.map((_, i) => (i % 2 ? 'INE002A01018' : null))),
    instrument_id: text(rows.map((_, i) => (i % 3 ? String(i) : null))).cast(pl.UInt32),
    name: text(rows.map((bar) => `${bar.symbol} LIMITED`)),
    open: close,
    high: close,
    low: close,
    close,
    last: price((bar) => bar.last ?? null),
    prev_close: close,
    volume: text(rows.map((bar) => String(bar.volume))).cast(pl.UInt64),
    turnover: text(rows.map((bar) => formatDecimal(bar.turnover, 4))).cast(pl.Decimal(24, 4)),
    trades: text(rows.map((_, i) => (i % 5 ? String(i) : null))).cast(pl.UInt64),
    lot_size: text(rows.map(() => '1')).cast(pl.UInt32),
    delivery_qty: text(rows.map((_, i) => (i % 2 ? String(i) : null))).cast(pl.UInt64),
    delivery_pct: text(rows.map((_, i) => (i % 2 ? '12.34' : null))).cast(pl.Decimal(9, 4)),
    source_format: same('udiff_b'),
    event_id: text(rows.map((bar) => eventId('bhavcopy', [input.date, bar.symbol, 'EQ']))),
    event_time: instant(`${input.date}T15:30:00+05:30`, 'Asia/Kolkata'),
    ingest_time: instant(input.ingest, 'UTC'),
    source: same(input.source),
    schema_version: same('1').cast(pl.UInt16),
    entity_id: text(rows.map((bar) => `${bar.symbol}:EQ:NSE`)),
  };
  frame(columns).writeParquet(file, { compression: 'zstd' });
}

export interface Quarantined {
  readonly line: number;
  readonly rule: string;
  readonly value: string | null;
}

export function writeQuarantine(
  file: string,
  input: { dataset: string; date: string; source: string; ingest: string; rows: readonly Quarantined[] },
): void {
  const text = (of: (row: Quarantined) => string | null) => pl.Series('', input.rows.map(of), pl.Utf8);
  frame({
    dataset: text(() => input.dataset),
    trade_date: text(() => input.date).str.strptime(pl.Date, '%Y-%m-%d'),
    source: text(() => input.source),
    line: text((row) => String(row.line)).cast(pl.UInt32),
    rule: text((row) => row.rule),
    column: text(() => 'close'),
    value: text((row) => row.value),
    row: text((row) => `line ${row.line},as published`),
    flow_run_id: text(() => 'f3b1'),
    ingest_time: pl
      .Series(
        '',
        input.rows.map(() => new Date(input.ingest)),
      )
      .cast(pl.Datetime('ms', 'UTC')),
  }).writeParquet(file, { compression: 'zstd' });
}

function frame(columns: Record<string, pl.Series>): pl.DataFrame {
  return pl.DataFrame(Object.entries(columns).map(([name, series]) => series.alias(name)));
}
