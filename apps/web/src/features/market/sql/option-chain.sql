-- A chain as of its last snapshot: one row per strike, calls at the left, puts at the right.
SELECT
    strike,
    maxIf(open_interest, option_type = 'CE') AS call_oi,
    maxIf(change_in_open_interest, option_type = 'CE') AS call_oi_change,
    maxIf(volume, option_type = 'CE') AS call_volume,
    maxIf(iv, option_type = 'CE') AS call_iv,
    maxIf(last, option_type = 'CE') AS call_last,
    maxIf(open_interest, option_type = 'PE') AS put_oi,
    maxIf(change_in_open_interest, option_type = 'PE') AS put_oi_change,
    maxIf(volume, option_type = 'PE') AS put_volume,
    maxIf(iv, option_type = 'PE') AS put_iv,
    maxIf(last, option_type = 'PE') AS put_last,
    max(underlying_value) AS underlying
FROM option_chain
WHERE symbol = {symbol:String}
    AND expiry = {expiry:Date}
    AND snapshot_time = {snapshot:DateTime64(3, 'Asia/Kolkata')}
GROUP BY strike
ORDER BY strike
LIMIT 1000
