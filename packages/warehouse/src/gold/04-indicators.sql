-- Grain:  one row per instrument that traded in the session.
-- Inputs: equity_ohlc, the sessions in which the instrument traded in the 750 days that end with the session. Before
--         them weighs less than a double can tell: (13/14)^500 < 1e-16.
-- Units:  vwap, sma, ema, atr in rupees per share, as traded: splits and bonuses are not adjusted for. rsi 0 to 100.
--         Doubles, not money. `bars` is how many sessions the row rests on; a value is null until there are enough.
-- vwap    turnover / volume of the session
-- sma_N   mean of the last N closes
-- ema_N   seeded with the mean of the first N closes, then + (close - ema) * 2 / (N + 1)
-- rsi_14  Wilder: gains and losses from close to close, each seeded with the mean of the first 14, then
--         (13 * average + value) / 14; 100 where nothing fell, null where nothing moved
-- atr_14  Wilder: true range from the second bar on, smoothed in the same way
SELECT
    {date:Date} AS trade_date,
    symbol,
    series,
    last_close AS close,
    last_turnover / last_volume AS vwap,
    if(n >= 20, arrayAvg(arraySlice(closes, -20)), NULL) AS sma_20,
    if(n >= 50, arrayAvg(arraySlice(closes, -50)), NULL) AS sma_50,
    if(n >= 200, arrayAvg(arraySlice(closes, -200)), NULL) AS sma_200,
    if(n >= 12, arrayFold((ema, x) -> ema + (x - ema) * 2 / 13,
        arraySlice(closes, 13), arrayAvg(arraySlice(closes, 1, 12))), NULL) AS ema_12,
    if(n >= 26, arrayFold((ema, x) -> ema + (x - ema) * 2 / 27,
        arraySlice(closes, 27), arrayAvg(arraySlice(closes, 1, 26))), NULL) AS ema_26,
    if(n >= 15 AND gain + loss > 0, 100 * gain / (gain + loss), NULL) AS rsi_14,
    if(n >= 15, arrayFold((average, x) -> (average * 13 + x) / 14,
        arraySlice(ranges, 15), arrayAvg(arraySlice(ranges, 1, 14))), NULL) AS atr_14,
    n AS bars
FROM
(
    SELECT
        *,
        arrayFold((average, x) -> (average * 13 + greatest(x, 0)) / 14,
            arraySlice(changes, 15), arrayAvg(x -> greatest(x, 0), arraySlice(changes, 1, 14))) AS gain,
        arrayFold((average, x) -> (average * 13 + greatest(-x, 0)) / 14,
            arraySlice(changes, 15), arrayAvg(x -> greatest(-x, 0), arraySlice(changes, 1, 14))) AS loss
    FROM
    (
        SELECT
            symbol,
            series,
            any(b.last_close) AS last_close,
            any(b.last_turnover) AS last_turnover,
            any(b.last_volume) AS last_volume,
            arraySort(groupArray((b.trade_date, toFloat64(b.high), toFloat64(b.low), toFloat64(b.close)))) AS bars_by_date,
            length(bars_by_date) AS n,
            arrayMap(bar -> bar.4, bars_by_date) AS closes,
            arraySlice(arrayDifference(closes), 2) AS changes,
            arrayMap((bar, before) -> greatest(bar.2 - bar.3, abs(bar.2 - before), abs(bar.3 - before)),
                arraySlice(bars_by_date, 2), arraySlice(closes, 1, -1)) AS ranges
        FROM
        (
            SELECT
                h.symbol AS symbol, h.series AS series, h.trade_date AS trade_date,
                h.high AS high, h.low AS low, h.close AS close,
                t.close AS last_close, toFloat64(t.turnover) AS last_turnover, toFloat64(t.volume) AS last_volume
            FROM equity_ohlc AS h
            INNER JOIN
            (
                SELECT symbol, series, close, turnover, volume
                FROM equity_ohlc
                WHERE trade_date = {date:Date} AND volume > 0
            ) AS t ON t.symbol = h.symbol AND t.series = h.series
            WHERE h.trade_date > {date:Date} - INTERVAL 750 DAY AND h.trade_date <= {date:Date} AND h.volume > 0
        ) AS b
        GROUP BY symbol, series
    )
)
