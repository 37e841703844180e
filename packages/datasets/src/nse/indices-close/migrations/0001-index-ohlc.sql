CREATE TABLE IF NOT EXISTS index_ohlc
(
    trade_date Date,
    index_name String,
    open Nullable(Decimal(18, 4)),
    high Nullable(Decimal(18, 4)),
    low Nullable(Decimal(18, 4)),
    close Nullable(Decimal(18, 4)),
    points_change Nullable(Decimal(18, 4)),
    change_pct Nullable(Decimal(18, 4)),
    volume Nullable(UInt64),
    turnover_crore Nullable(Decimal(24, 4)),
    pe Nullable(Decimal(18, 4)),
    pb Nullable(Decimal(18, 4)),
    div_yield Nullable(Decimal(18, 4)),
    event_id UUID,
    event_time DateTime64(3, 'Asia/Kolkata'),
    ingest_time DateTime64(3, 'UTC'),
    source String,
    schema_version UInt16,
    entity_id String
)
ENGINE = ReplacingMergeTree(ingest_time)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (index_name, trade_date)
