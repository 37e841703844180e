CREATE TABLE IF NOT EXISTS bulk_block_deals
(
    trade_date Date,
    deal_type LowCardinality(String),
    symbol String,
    security_name Nullable(String),
    client_name Nullable(String),
    client_name_printed Nullable(String),
    side LowCardinality(Nullable(String)),
    quantity UInt64,
    price Nullable(Decimal(18, 4)),
    value Nullable(Decimal(24, 4)),
    remarks Nullable(String),
    occurrence UInt16,
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
ORDER BY (deal_type, symbol, trade_date, event_id)
