CREATE TABLE IF NOT EXISTS index_constituents
(
    trade_date Date,
    index_name LowCardinality(String),
    symbol String,
    series LowCardinality(Nullable(String)),
    isin Nullable(String),
    company_name Nullable(String),
    industry LowCardinality(Nullable(String)),
    open Nullable(Decimal(18, 4)),
    high Nullable(Decimal(18, 4)),
    low Nullable(Decimal(18, 4)),
    last Nullable(Decimal(18, 4)),
    prev_close Nullable(Decimal(18, 4)),
    change_pct Nullable(Decimal(18, 4)),
    year_high Nullable(Decimal(18, 4)),
    year_low Nullable(Decimal(18, 4)),
    volume Nullable(UInt64),
    turnover Nullable(Decimal(24, 4)),
    ffmc Nullable(Decimal(24, 4)),
    weight Nullable(Decimal(9, 4)),
    index_open Nullable(Decimal(18, 4)),
    index_high Nullable(Decimal(18, 4)),
    index_low Nullable(Decimal(18, 4)),
    index_last Nullable(Decimal(18, 4)),
    index_prev_close Nullable(Decimal(18, 4)),
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
ORDER BY (index_name, symbol, trade_date)
