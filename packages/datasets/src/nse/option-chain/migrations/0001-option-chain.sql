CREATE TABLE IF NOT EXISTS option_chain
(
    trade_date Date,
    snapshot_time DateTime64(3, 'Asia/Kolkata'),
    symbol LowCardinality(String),
    expiry Date,
    strike Decimal(18, 4),
    option_type LowCardinality(String),
    identifier String,
    open_interest Decimal(18, 4),
    change_in_open_interest Nullable(Decimal(18, 4)),
    volume UInt64,
    iv Nullable(Decimal(18, 4)),
    last Nullable(Decimal(18, 4)),
    change Nullable(Decimal(18, 4)),
    change_pct Nullable(Decimal(18, 4)),
    bid Nullable(Decimal(18, 4)),
    bid_quantity Nullable(UInt64),
    ask Nullable(Decimal(18, 4)),
    ask_quantity Nullable(UInt64),
    total_bid_quantity Nullable(UInt64),
    total_ask_quantity Nullable(UInt64),
    underlying_value Nullable(Decimal(18, 4)),
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
ORDER BY (symbol, expiry, strike, option_type, snapshot_time)
