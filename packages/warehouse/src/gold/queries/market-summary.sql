SELECT * EXCEPT (computed_at) FROM daily_market_summary WHERE trade_date = {date:Date}
