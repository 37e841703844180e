-- Bulk and block deals and short sales of a symbol, the latest first.
SELECT trade_date, deal_type, client_name, side, quantity, price, value
FROM bulk_block_deals
WHERE symbol = {symbol:String}
ORDER BY trade_date DESC, deal_type, value DESC
LIMIT {limit:UInt32}
