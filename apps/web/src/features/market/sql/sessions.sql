-- Sessions that have a summary, the latest first.
SELECT trade_date FROM daily_market_summary ORDER BY trade_date DESC LIMIT {limit:UInt32}
