CREATE TABLE IF NOT EXISTS indicators
(
    trade_date Date,
    symbol String,
    series LowCardinality(String),
    close Decimal(18, 4),
    vwap Float64,
    sma_20 Nullable(Float64),
    sma_50 Nullable(Float64),
    sma_200 Nullable(Float64),
    ema_12 Nullable(Float64),
    ema_26 Nullable(Float64),
    rsi_14 Nullable(Float64),
    atr_14 Nullable(Float64),
    bars UInt16,
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, series, trade_date)
