-- Underlyings and expiries that have a chain, with the last snapshot of each.
SELECT symbol, expiry, max(snapshot_time) AS snapshot_time
FROM option_chain
WHERE trade_date = (SELECT max(trade_date) FROM option_chain)
GROUP BY symbol, expiry
ORDER BY symbol, expiry
