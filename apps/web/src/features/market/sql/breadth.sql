-- Advances and declines of a session by group of series, the largest turnover first.
SELECT series_group, instruments, traded, advances, declines, unchanged, turnover
FROM advance_decline
WHERE trade_date = {date:Date}
ORDER BY turnover DESC, series_group
