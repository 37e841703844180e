SELECT * EXCEPT (computed_at) FROM sector_turnover
WHERE trade_date = {date:Date}
ORDER BY industry IS NULL, turnover DESC, industry
LIMIT {limit:UInt32}
