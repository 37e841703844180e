-- The series that a symbol trades in, EQ first, then by the last session.
SELECT series, max(trade_date) AS last_session, count() AS sessions
FROM equity_ohlc
WHERE symbol = {symbol:String}
GROUP BY series
ORDER BY series = 'EQ' DESC, last_session DESC, series
LIMIT 50
