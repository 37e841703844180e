SELECT
    dataset, slice, trade_date, flow_run_id, rows_processed, rows_expected, rows_loaded, rows_filtered,
    validation_pass_rate, anomalies_detected, hard_rules, soft_rules, file_size_bytes, source
FROM data_quality
WHERE trade_date BETWEEN {from:Date} AND {to:Date}
    AND (empty({slices:Array(String)}) OR has({slices:Array(String)}, slice))
    AND startsWith(flow_run_id, {run:String})
ORDER BY trade_date DESC, slice, recorded_at DESC
LIMIT 1 BY if({run:String} = '', '', flow_run_id), slice, trade_date
LIMIT {limit:UInt32}
