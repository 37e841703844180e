CREATE TABLE IF NOT EXISTS data_quality
(
    dataset LowCardinality(String),
    slice LowCardinality(String),
    trade_date Date,
    flow_run_id String,
    rows_processed UInt64,
    rows_expected Nullable(UInt64),
    rows_loaded UInt64,
    rows_filtered UInt64,
    validation_pass_rate Float64,
    anomalies_detected UInt64,
    hard_rules Map(String, UInt64),
    soft_rules Map(String, UInt64),
    file_size_bytes UInt64,
    source String,
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(recorded_at)
PARTITION BY toYear(trade_date)
ORDER BY (slice, trade_date, flow_run_id)
