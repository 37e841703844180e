-- A session in one row.
SELECT
    trade_date, instruments, symbols, traded, advances, declines, unchanged, turnover, turnover_eq, volume, trades,
    delivery_percent, new_highs, new_lows, high_low_sessions, bulk_deals, bulk_bought, block_deals, block_bought
FROM daily_market_summary
WHERE trade_date = {date:Date}
