-- Grain:  one row per group of series that has a bar in the session.
-- Inputs: equity_ohlc, the session.
-- Units:  instruments; turnover in rupees, volume in shares (units).
-- instruments = traded + those without a trade; traded = advances + declines + unchanged + without_previous.
-- An instrument advances when it closes above the previous close that the exchange printed, which is already adjusted
-- on ex-dates. advance_decline_ratio is null where nothing declined.
SELECT
    {date:Date} AS trade_date,
    series_group,
    count() AS instruments,
    countIf(b.volume > 0) AS traded,
    countIf(b.volume > 0 AND prev_close > 0 AND close > prev_close) AS advances,
    countIf(b.volume > 0 AND prev_close > 0 AND close < prev_close) AS declines,
    countIf(b.volume > 0 AND prev_close > 0 AND close = prev_close) AS unchanged,
    countIf(b.volume > 0 AND prev_close <= 0) AS without_previous,
    if(declines = 0, NULL, advances / declines) AS advance_decline_ratio,
    sum(b.turnover) AS turnover,
    sum(b.volume) AS volume
FROM
(
    SELECT
        close, prev_close, turnover, volume,
        multiIf(
            series = 'EQ', 'equity',
            series IN ('BE', 'BZ'), 'trade-to-trade',
            series IN ('SM', 'ST', 'SZ'), 'sme',
            series = 'BL', 'block-window',
            series IN ('IV', 'RR'), 'trusts',
            series IN ('GB', 'GS', 'SG', 'TB'), 'government',
            'other') AS series_group
    FROM equity_ohlc
    WHERE trade_date = {date:Date}
) AS b
GROUP BY series_group
