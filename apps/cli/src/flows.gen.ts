// Made of the flows that there are by flows.test.ts, so that a list of them need not load them. To make it anew:
//   npx vitest run apps/cli/src/flows.test.ts -u

/** Every flow by name, with what it does and the names of its tasks. */
export const flows: readonly { readonly name: string; readonly description: string; readonly tasks: readonly string[] }[] = [
  {
    "name": "nse-bhavcopy-etl",
    "description": "End-of-day prices of every instrument: fetch, check, store, load",
    "tasks": [
      "scrape_bhavcopy",
      "parse_polars_raw",
      "normalize_polars",
      "write_parquet",
      "load_clickhouse"
    ]
  },
  {
    "name": "bulk-block-deals-etl",
    "description": "Bulk deals, block deals and short selling of a session: fetch, check, store, load",
    "tasks": [
      "scrape_bulk_block_deals",
      "parse_bulk_block_deals",
      "normalize_bulk_block_deals",
      "write_bulk_block_deals",
      "load_bulk_block_deals"
    ]
  },
  {
    "name": "index-constituents-etl",
    "description": "Members of the indices with their quotes: fetch, check, store, load",
    "tasks": [
      "scrape_index_constituents",
      "parse_index_constituents",
      "write_index_constituents_parquet",
      "load_index_constituents_clickhouse"
    ]
  },
  {
    "name": "indices-close-etl",
    "description": "End-of-day levels and ratios of every index: fetch, check, store, load",
    "tasks": [
      "scrape_indices_close",
      "parse_indices_close",
      "normalize_indices_close",
      "write_indices_close",
      "load_indices_close"
    ]
  },
  {
    "name": "option-chain-etl",
    "description": "A snapshot of option chains: fetch, check, store, load",
    "tasks": [
      "scrape_option_chain",
      "parse_option_chain",
      "write_option_chain_parquet",
      "load_option_chain_clickhouse"
    ]
  },
  {
    "name": "symbol-master-etl",
    "description": "Listed companies with their former symbols and names: fetch, check, store, load",
    "tasks": [
      "scrape_symbol_master",
      "parse_symbol_master",
      "normalize_symbol_master",
      "write_symbol_master",
      "load_symbol_master"
    ]
  },
  {
    "name": "trading-calendar-etl",
    "description": "Sessions and holidays of the year in every segment: fetch, check, store, load",
    "tasks": [
      "scrape_trading_calendar",
      "parse_trading_calendar",
      "write_trading_calendar_parquet",
      "load_trading_calendar_clickhouse"
    ]
  },
  {
    "name": "market-gold-etl",
    "description": "Gold tables of a session from what is loaded: compute, store, sum up",
    "tasks": [
      "compute_gold",
      "write_gold_parquet",
      "take_market_snapshot"
    ]
  },
  {
    "name": "combined-market-data-etl",
    "description": "All datasets of a session in parallel, then gold, the market snapshot and a report",
    "tasks": [
      "plan_flows"
    ]
  }
];
