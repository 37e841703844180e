SELECT
    symbol,
    expiry,
    toString(snapshot_time) AS snapshot_time,
    underlying,
    toFloat64(put_call_ratio) AS put_call_ratio,
    max_pain,
    atm_strike,
    toFloat64(atm_iv) AS atm_iv
FROM option_summary
WHERE trade_date = {date:Date} AND expiry >= {date:Date}
ORDER BY symbol, expiry, snapshot_time DESC
LIMIT 1 BY symbol, expiry
LIMIT {limit:UInt32}
