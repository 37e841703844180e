SELECT
    o.trade_date AS trade_date,
    o.rows AS rows,
    o.turnover AS turnover,
    o.source_format AS source_format,
    q.quarantined AS quarantined
FROM
(
    SELECT trade_date, count() AS rows, sum(turnover) AS turnover, any(source_format) AS source_format
    FROM equity_ohlc
    WHERE trade_date BETWEEN {from:Date} AND {to:Date}
    GROUP BY trade_date
    ORDER BY trade_date DESC
    LIMIT {limit:UInt32}
) AS o
LEFT JOIN
(
    SELECT trade_date, uniqExact(line) AS quarantined
    FROM quarantine
    WHERE dataset = 'bhavcopy' AND trade_date BETWEEN {from:Date} AND {to:Date}
    GROUP BY trade_date
) AS q ON q.trade_date = o.trade_date
ORDER BY trade_date
