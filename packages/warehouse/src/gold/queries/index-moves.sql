SELECT index_name, close, points_change, toFloat64(change_pct) AS change_percent
FROM index_ohlc
WHERE trade_date = {date:Date} AND close IS NOT NULL
ORDER BY index_name
LIMIT {limit:UInt32}
