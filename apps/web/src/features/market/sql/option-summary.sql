-- What a chain comes to at a snapshot: put-call ratio by open interest, max pain, strike and volatility at the money.
SELECT underlying, call_oi, put_oi, put_call_ratio, max_pain, atm_strike, atm_iv
FROM option_summary
WHERE symbol = {symbol:String}
    AND expiry = {expiry:Date}
    AND snapshot_time = {snapshot:DateTime64(3, 'Asia/Kolkata')}
LIMIT 1
