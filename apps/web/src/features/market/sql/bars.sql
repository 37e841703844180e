-- One instrument's sessions, ascending: the latest ones, as traded.
SELECT *
FROM
(
    SELECT trade_date, isin, name, open, high, low, close, prev_close, volume, turnover, trades, delivery_qty, delivery_pct
    FROM equity_ohlc
    WHERE symbol = {symbol:String} AND series = {series:String}
    ORDER BY trade_date DESC
    LIMIT {limit:UInt32}
)
ORDER BY trade_date
