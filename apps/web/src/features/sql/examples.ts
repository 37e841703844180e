import type { SavedQuery } from './saved.ts';

/** What to begin with: each answers a question that people ask of a market. */
export const EXAMPLES: readonly SavedQuery[] = [
  {
    name: 'The largest turnovers of the last session',
    sql: `SELECT symbol, series, close, turnover / 10000000 AS crore, delivery_pct
FROM equity_ohlc
WHERE trade_date = (SELECT max(trade_date) FROM equity_ohlc)
ORDER BY turnover DESC
LIMIT 50`,
  },
  {
    name: 'Turnover and breadth, session by session',
    sql: `SELECT trade_date, turnover / 10000000 AS crore, advances, declines, delivery_percent
FROM daily_market_summary
ORDER BY trade_date`,
  },
  {
    name: 'Who bought in bulk',
    sql: `SELECT client_name, count() AS deals, sum(value) / 10000000 AS crore, groupUniqArray(5)(symbol) AS symbols
FROM bulk_block_deals
WHERE side = 'BUY'
GROUP BY client_name
ORDER BY crore DESC
LIMIT 50`,
  },
  {
    name: 'Closes of an index and their mean of 20 sessions',
    sql: `SELECT trade_date, toFloat64(close) AS close,
  avg(close) OVER (ORDER BY trade_date ROWS BETWEEN 19 PRECEDING AND CURRENT ROW) AS sma_20
FROM (SELECT trade_date, toFloat64(index_ohlc.close) AS close FROM index_ohlc WHERE index_name = 'Nifty 50')
ORDER BY trade_date`,
  },
  {
    name: 'What was kept out, by rule',
    sql: `SELECT dataset, rule, count() AS rows, max(trade_date) AS last_session
FROM quarantine
GROUP BY dataset, rule
ORDER BY rows DESC`,
  },
];
