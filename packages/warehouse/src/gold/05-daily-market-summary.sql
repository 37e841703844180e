-- Grain:  one row per session that has bars.
-- Inputs: equity_ohlc, bulk_block_deals and data_quality, the session; highs_lows_52w, computed before.
-- Units:  turnover and deal values in rupees (Decimal), volume and quantities in shares, the rest counts of instruments
--         or deals.
-- instruments, traded, advances, declines, unchanged, without_previous: as in advance_decline, over all series.
-- delivery_quantity: shares delivered, null where none is known; delivery_volume: the volume of the instruments whose
-- delivery is known; delivery_percent: the one of the other, 0 to 100.
-- new_highs, new_lows: among the instruments that have an earlier bar within the 52 weeks (high_low_instruments); null
-- where none has. high_low_sessions: sessions loaded within the 52 weeks.
-- A list of deals that was not loaded is null, one that held none is zero: data_quality tells which.
WITH
    deals AS
    (
        SELECT
            countIf(d.deal_type = 'BULK') AS bulk_deals,
            sumIf(d.value, d.deal_type = 'BULK' AND d.side = 'BUY') AS bulk_bought,
            sumIf(d.value, d.deal_type = 'BULK' AND d.side = 'SELL') AS bulk_sold,
            countIf(d.deal_type = 'BLOCK') AS block_deals,
            sumIf(d.value, d.deal_type = 'BLOCK' AND d.side = 'BUY') AS block_bought,
            sumIf(d.value, d.deal_type = 'BLOCK' AND d.side = 'SELL') AS block_sold,
            sumIf(d.quantity, d.deal_type = 'SHORT') AS short_quantity
        FROM bulk_block_deals AS d
        WHERE d.trade_date = {date:Date}
    ),
    lists AS
    (
        SELECT
            countIf(q.slice = 'bulk-deals') > 0 AS bulk_known,
            countIf(q.slice = 'block-deals') > 0 AS block_known,
            countIf(q.slice = 'short-selling') > 0 AS short_known
        FROM data_quality AS q
        WHERE q.trade_date = {date:Date}
    ),
    extremes AS
    (
        SELECT
            countIf(x.is_new_high IS NOT NULL) AS high_low_instruments,
            if(high_low_instruments = 0, NULL, countIf(x.is_new_high)) AS new_highs,
            if(high_low_instruments = 0, NULL, countIf(x.is_new_low)) AS new_lows
        FROM highs_lows_52w AS x
        WHERE x.trade_date = {date:Date}
    ),
    history AS
    (
        SELECT uniqExact(h.trade_date) AS high_low_sessions
        FROM equity_ohlc AS h
        WHERE h.trade_date > {date:Date} - INTERVAL 52 WEEK AND h.trade_date <= {date:Date}
    ),
    bars AS
    (
        SELECT
            count() AS instruments,
            uniqExact(b.symbol) AS symbols,
            countIf(b.volume > 0) AS traded,
            countIf(b.volume > 0 AND b.prev_close > 0 AND b.close > b.prev_close) AS advances,
            countIf(b.volume > 0 AND b.prev_close > 0 AND b.close < b.prev_close) AS declines,
            countIf(b.volume > 0 AND b.prev_close > 0 AND b.close = b.prev_close) AS unchanged,
            countIf(b.volume > 0 AND b.prev_close <= 0) AS without_previous,
            sum(b.turnover) AS turnover,
            sumIf(b.turnover, b.series = 'EQ') AS turnover_eq,
            sum(b.volume) AS volume,
            sumOrNull(b.trades) AS trades,
            sumOrNull(b.delivery_qty) AS delivery_quantity,
            sumIf(b.volume, b.delivery_qty IS NOT NULL) AS delivery_volume
        FROM equity_ohlc AS b
        WHERE b.trade_date = {date:Date}
        HAVING count() > 0
    )
SELECT
    {date:Date} AS trade_date,
    instruments, symbols, traded, advances, declines, unchanged, without_previous,
    turnover, turnover_eq, volume, trades,
    delivery_quantity, delivery_volume,
    if(delivery_quantity IS NULL OR delivery_volume = 0, NULL, 100 * delivery_quantity / delivery_volume) AS delivery_percent,
    new_highs, new_lows, high_low_instruments, high_low_sessions,
    if(bulk_known, bulk_deals, NULL) AS bulk_deals,
    if(bulk_known, ifNull(bulk_bought, 0), NULL) AS bulk_bought,
    if(bulk_known, ifNull(bulk_sold, 0), NULL) AS bulk_sold,
    if(block_known, block_deals, NULL) AS block_deals,
    if(block_known, ifNull(block_bought, 0), NULL) AS block_bought,
    if(block_known, ifNull(block_sold, 0), NULL) AS block_sold,
    if(short_known, short_quantity, NULL) AS short_quantity
FROM bars
CROSS JOIN deals
CROSS JOIN lists
CROSS JOIN extremes
CROSS JOIN history
