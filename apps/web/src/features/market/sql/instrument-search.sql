-- Instruments by symbol, name or ISIN: what begins with the text first, then by turnover of the last session. Of a symbol
-- with several series the EQ one stands for it.
SELECT b.symbol AS symbol, b.series AS series, ifNull(m.full_name, b.name) AS name, b.isin AS isin, b.turnover AS turnover,
    b.trade_date AS last_session
FROM
(
    SELECT symbol, series, name, isin, turnover, trade_date
    FROM equity_ohlc
    WHERE trade_date > (SELECT max(trade_date) FROM equity_ohlc) - INTERVAL 30 DAY
    ORDER BY trade_date DESC, series = 'EQ' DESC, turnover DESC
    LIMIT 1 BY symbol
) AS b
LEFT JOIN
(
    SELECT m.symbol AS symbol, any(m.name) AS full_name FROM symbol_master AS m WHERE m.name IS NOT NULL GROUP BY m.symbol
) AS m ON m.symbol = b.symbol
WHERE {text:String} = ''
    OR positionCaseInsensitive(b.symbol, {text:String}) > 0
    OR positionCaseInsensitive(ifNull(ifNull(m.full_name, b.name), ''), {text:String}) > 0
    OR positionCaseInsensitive(ifNull(b.isin, ''), {text:String}) > 0
ORDER BY
    upper(b.symbol) = upper({text:String}) DESC,
    startsWith(upper(b.symbol), upper({text:String})) DESC,
    startsWith(upper(ifNull(ifNull(m.full_name, b.name), '')), upper({text:String})) DESC,
    b.turnover DESC
LIMIT {limit:UInt32}
