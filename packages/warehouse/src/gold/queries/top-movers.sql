SELECT
    symbol,
    series,
    close,
    prev_close,
    100 * toFloat64(close - prev_close) / toFloat64(prev_close) AS change_percent,
    turnover
FROM equity_ohlc
WHERE trade_date = {date:Date}
    AND has({series:Array(String)}, series)
    AND volume > 0 AND prev_close > 0
    AND turnover >= {min_turnover:Decimal(24, 4)}
    AND if({direction:String} = 'gainers', close > prev_close, close < prev_close)
ORDER BY if({direction:String} = 'gainers', -change_percent, change_percent), symbol, series
LIMIT {limit:UInt32}
