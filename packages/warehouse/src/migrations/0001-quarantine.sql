CREATE TABLE IF NOT EXISTS quarantine
(
    dataset LowCardinality(String),
    trade_date Date,
    source String,
    line UInt32,
    rule LowCardinality(String),
    `column` LowCardinality(String),
    value Nullable(String),
    row String,
    flow_run_id String,
    ingest_time DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(ingest_time)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (dataset, trade_date, source, line, rule, `column`)
