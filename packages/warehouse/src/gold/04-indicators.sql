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
-- Smoothing is written out as the weighted sum that it comes to: seed * keep^m + (1 - keep) * sum(x_i * keep^(m - i)).
WITH
    11 / 13 AS keep_12,
    25 / 27 AS keep_26,
    13 / 14 AS keep_14
SELECT
    {date:Date} AS trade_date,
    symbol,
    series,
    last_close AS close,
    last_turnover / last_volume AS vwap,
    if(n >= 20, arrayAvg(arraySlice(closes, -20)), NULL) AS sma_20,
    if(n >= 50, arrayAvg(arraySlice(closes, -50)), NULL) AS sma_50,
    if(n >= 200, arrayAvg(arraySlice(closes, -200)), NULL) AS sma_200,
    if(n >= 12, arrayAvg(arraySlice(closes, 1, 12)) * pow(keep_12, n - 12)
        + (1 - keep_12) * arraySum((x, i) -> if(i > 12, x * pow(keep_12, n - i), 0), closes, positions), NULL) AS ema_12,
    if(n >= 26, arrayAvg(arraySlice(closes, 1, 26)) * pow(keep_26, n - 26)
        + (1 - keep_26) * arraySum((x, i) -> if(i > 26, x * pow(keep_26, n - i), 0), closes, positions), NULL) AS ema_26,
    if(n >= 15 AND gain + loss > 0, 100 * gain / (gain + loss), NULL) AS rsi_14,
    if(n >= 15, arrayAvg(arraySlice(ranges, 2, 14)) * pow(keep_14, n - 15)
        + (1 - keep_14) * arraySum((x, weight) -> x * weight, ranges, weights), NULL) AS atr_14,
    n AS bars
FROM
(
    SELECT
        *,
        -- Of a change, whose place is that of its later bar: none until the seed, of bars 2 to 15, is over.
        arrayMap(i -> if(i > 15, pow(keep_14, n - i), 0), positions) AS weights,
        arrayAvg(x -> greatest(x, 0), arraySlice(changes, 2, 14)) * pow(keep_14, n - 15)
            + (1 - keep_14) * arraySum((x, weight) -> greatest(x, 0) * weight, changes, weights) AS gain,
        arrayAvg(x -> greatest(-x, 0), arraySlice(changes, 2, 14)) * pow(keep_14, n - 15)
            + (1 - keep_14) * arraySum((x, weight) -> greatest(-x, 0) * weight, changes, weights) AS loss
    FROM
    (
        SELECT
            symbol,
            series,
            argMax(b.price, b.trade_date) AS last_close,
            argMax(toFloat64(b.turnover), b.trade_date) AS last_turnover,
            argMax(toFloat64(b.volume), b.trade_date) AS last_volume,
            arraySort(groupArray((b.trade_date, toFloat64(b.high), toFloat64(b.low), toFloat64(b.price)))) AS history,
            length(history) AS n,
            arrayEnumerate(history) AS positions,
            history.4 AS closes,
            arrayDifference(closes) AS changes,
            arrayMap((high, low, close, change) ->
                greatest(high - low, abs(high - close + change), abs(low - close + change)),
                history.2, history.3, closes, changes) AS ranges
        FROM
        (
            SELECT h.symbol AS symbol, h.series AS series, h.trade_date AS trade_date, h.high AS high, h.low AS low,
                h.close AS price, h.turnover AS turnover, h.volume AS volume
            FROM equity_ohlc AS h
            WHERE h.trade_date > {date:Date} - INTERVAL 750 DAY AND h.trade_date <= {date:Date} AND h.volume > 0
        ) AS b
        GROUP BY symbol, series
        HAVING max(b.trade_date) = {date:Date}
    )
)
