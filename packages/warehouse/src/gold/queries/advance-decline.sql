SELECT * EXCEPT (computed_at) FROM advance_decline WHERE trade_date = {date:Date} ORDER BY turnover DESC, series_group
