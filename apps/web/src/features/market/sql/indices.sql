-- The indices of a session.
SELECT index_name, close, points_change, change_pct
FROM index_ohlc
WHERE trade_date = {date:Date} AND close IS NOT NULL
ORDER BY index_name
LIMIT 400
