CREATE TABLE IF NOT EXISTS highs_lows_52w
(
    trade_date Date,
    symbol String,
    series LowCardinality(String),
    high_52w Decimal(18, 4),
    high_52w_date Date,
    low_52w Decimal(18, 4),
    low_52w_date Date,
    is_new_high Nullable(Bool),
    is_new_low Nullable(Bool),
    sessions UInt16,
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, series, trade_date)
