CREATE TABLE IF NOT EXISTS equity_ohlc
(
    trade_date Date,
    symbol String,
    series LowCardinality(String),
    isin Nullable(String),
    instrument_id Nullable(UInt32),
    name Nullable(String),
    open Decimal(18, 4),
    high Decimal(18, 4),
    low Decimal(18, 4),
    close Decimal(18, 4),
    last Nullable(Decimal(18, 4)),
    prev_close Decimal(18, 4),
    volume UInt64,
    turnover Decimal(24, 4),
    trades Nullable(UInt64),
    lot_size Nullable(UInt32),
    source_format LowCardinality(String),
    event_id UUID,
    event_time DateTime64(3, 'Asia/Kolkata'),
    ingest_time DateTime64(3, 'UTC'),
    source String,
    schema_version UInt16,
    entity_id String
)
ENGINE = ReplacingMergeTree(ingest_time)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, series, trade_date)
