-- Shares of a session by how they moved ("gainers", "losers") or by turnover ("active").
SELECT symbol, series, close, prev_close, 100 * toFloat64(close - prev_close) / toFloat64(prev_close) AS change_percent, turnover, delivery_pct
FROM equity_ohlc
WHERE trade_date = {date:Date}
    AND series IN ('EQ', 'BE', 'BZ')
    AND volume > 0 AND prev_close > 0
    AND turnover >= {min_turnover:Decimal(24, 4)}
    AND ({by:String} = 'active' OR if({by:String} = 'gainers', close > prev_close, close < prev_close))
ORDER BY multiIf({by:String} = 'gainers', -change_percent, {by:String} = 'losers', change_percent, -toFloat64(turnover)), symbol, series
LIMIT {limit:UInt32}
