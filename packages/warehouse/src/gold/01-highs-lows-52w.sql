-- Grain:  one row per instrument that traded in the session.
-- Inputs: equity_ohlc, the 52 weeks (364 days) that end with the session.
-- Units:  rupees per share, as traded: splits and bonuses are not adjusted for. `sessions` is how many sessions the
--         instrument traded in within the 52 weeks, this one included: with few of them a high says little.
-- A new high is above every earlier one in the 52 weeks; unknown (null) where there is no earlier one.
SELECT
    {date:Date} AS trade_date,
    symbol,
    series,
    max(high) AS high_52w,
    argMax(b.trade_date, (b.high, b.trade_date)) AS high_52w_date,
    min(low) AS low_52w,
    argMin(b.trade_date, (b.low, -toInt32(b.trade_date))) AS low_52w_date,
    maxIf(high, b.trade_date = {date:Date}) > maxOrNullIf(high, b.trade_date < {date:Date}) AS is_new_high,
    minIf(low, b.trade_date = {date:Date}) < minOrNullIf(low, b.trade_date < {date:Date}) AS is_new_low,
    count() AS sessions
FROM equity_ohlc AS b
WHERE b.trade_date > {date:Date} - INTERVAL 52 WEEK AND b.trade_date <= {date:Date} AND volume > 0
GROUP BY symbol, series
HAVING countIf(b.trade_date = {date:Date}) > 0
