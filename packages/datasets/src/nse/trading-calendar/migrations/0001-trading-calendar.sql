CREATE TABLE IF NOT EXISTS trading_calendar
(
    segment LowCardinality(String),
    trade_date Date,
    calendar_year UInt16,
    weekday LowCardinality(String),
    is_session Bool,
    session_kind LowCardinality(Nullable(String)),
    holiday_name Nullable(String),
    session_note Nullable(String),
    morning_session LowCardinality(Nullable(String)),
    evening_session LowCardinality(Nullable(String)),
    as_of Date,
    event_id UUID,
    event_time DateTime64(3, 'Asia/Kolkata'),
    ingest_time DateTime64(3, 'UTC'),
    source String,
    schema_version UInt16,
    entity_id String
)
ENGINE = ReplacingMergeTree(ingest_time)
ORDER BY (segment, trade_date)
