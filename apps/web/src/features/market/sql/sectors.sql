-- Turnover of a session by industry, the largest first; null: shares whose industry is not known.
SELECT industry, instruments, advances, declines, turnover, turnover_percent
FROM sector_turnover
WHERE trade_date = {date:Date}
ORDER BY industry IS NULL, turnover DESC
