CREATE TABLE IF NOT EXISTS sector_turnover
(
    trade_date Date,
    industry LowCardinality(Nullable(String)),
    instruments UInt32,
    advances UInt32,
    declines UInt32,
    turnover Decimal(38, 4),
    turnover_percent Nullable(Float64),
    volume UInt64,
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (trade_date, ifNull(industry, ''))
