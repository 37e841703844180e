CREATE TABLE IF NOT EXISTS advance_decline
(
    trade_date Date,
    series_group LowCardinality(String),
    instruments UInt32,
    traded UInt32,
    advances UInt32,
    declines UInt32,
    unchanged UInt32,
    without_previous UInt32,
    advance_decline_ratio Nullable(Float64),
    turnover Decimal(38, 4),
    volume UInt64,
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (trade_date, series_group)
