-- Grain:  one row per industry of the session's shares (series EQ, BE, BZ, SM, ST, SZ); industry null: the shares whose
--         industry is not known.
-- Inputs: equity_ohlc, the session; index_constituents, each symbol's industry on the latest day up to the session,
--         or on the first day after it where there is none before.
-- Units:  instruments; turnover in rupees, volume in shares; turnover_percent of all these shares, 0 to 100.
WITH industries AS
(
    SELECT
        c.symbol AS member,
        argMin(c.industry, (c.trade_date > {date:Date}, abs(dateDiff('day', {date:Date}, c.trade_date)))) AS known_industry
    FROM index_constituents AS c
    WHERE c.industry IS NOT NULL
    GROUP BY c.symbol
)
SELECT
    {date:Date} AS trade_date,
    i.known_industry AS industry,
    count() AS instruments,
    countIf(b.volume > 0 AND b.prev_close > 0 AND b.close > b.prev_close) AS advances,
    countIf(b.volume > 0 AND b.prev_close > 0 AND b.close < b.prev_close) AS declines,
    sum(b.turnover) AS turnover,
    if(sum(sum(b.turnover)) OVER () = 0, NULL,
        100 * toFloat64(sum(b.turnover)) / toFloat64(sum(sum(b.turnover)) OVER ())) AS turnover_percent,
    sum(b.volume) AS volume
FROM equity_ohlc AS b
LEFT JOIN industries AS i ON i.member = b.symbol
WHERE b.trade_date = {date:Date} AND b.series IN ('EQ', 'BE', 'BZ', 'SM', 'ST', 'SZ')
GROUP BY i.known_industry
SETTINGS join_use_nulls = 1
