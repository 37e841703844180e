CREATE TABLE IF NOT EXISTS daily_market_summary
(
    trade_date Date,
    instruments UInt32,
    symbols UInt32,
    traded UInt32,
    advances UInt32,
    declines UInt32,
    unchanged UInt32,
    without_previous UInt32,
    turnover Decimal(38, 4),
    turnover_eq Decimal(38, 4),
    volume UInt64,
    trades Nullable(UInt64),
    delivery_quantity Nullable(UInt64),
    delivery_volume UInt64,
    delivery_percent Nullable(Float64),
    new_highs Nullable(UInt32),
    new_lows Nullable(UInt32),
    high_low_instruments UInt32,
    high_low_sessions UInt16,
    bulk_deals Nullable(UInt32),
    bulk_bought Nullable(Decimal(38, 4)),
    bulk_sold Nullable(Decimal(38, 4)),
    block_deals Nullable(UInt32),
    block_bought Nullable(Decimal(38, 4)),
    block_sold Nullable(Decimal(38, 4)),
    short_quantity Nullable(UInt64),
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(trade_date)
ORDER BY trade_date
