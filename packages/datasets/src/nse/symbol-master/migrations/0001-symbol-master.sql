CREATE TABLE IF NOT EXISTS symbol_master
(
    symbol String,
    name Nullable(String),
    status LowCardinality(String),
    current_symbol String,
    series LowCardinality(Nullable(String)),
    isin Nullable(String),
    listing_date Nullable(Date),
    paid_up_value Nullable(Decimal(18, 4)),
    market_lot Nullable(UInt32),
    face_value Nullable(Decimal(18, 4)),
    valid_from Nullable(Date),
    valid_to Nullable(Date),
    as_of Date,
    event_id UUID,
    event_time DateTime64(3, 'Asia/Kolkata'),
    ingest_time DateTime64(3, 'UTC'),
    source String,
    schema_version UInt16,
    entity_id String
)
ENGINE = ReplacingMergeTree(ingest_time)
ORDER BY (symbol, event_id)
