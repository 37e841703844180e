export type { ServerConfig } from './adapters/server.ts';
export type { DataQuality } from './data-quality.ts';
export type { GoldComputed } from './gold/compute.ts';
export {
  type AdvanceDecline,
  advanceDecline,
  type IndexMove,
  indexMoves,
  type MarketSummary,
  type Mover,
  marketSessions,
  marketSummary,
  type OptionSummary,
  optionSummary,
  type SectorTurnover,
  sectorTurnover,
  topMovers,
} from './gold/queries.ts';
export { GOLD_TABLES, type GoldTable } from './gold/tables.ts';
export type { LoadResult, SliceLoad } from './load-slice.ts';
export type { Migration } from './migrate.ts';
export type { NamedQuery } from './named-query.ts';
export { dataQuality } from './queries/data-quality.ts';
export { type SessionLoaded, sessionsLoaded } from './queries/sessions-loaded.ts';
export { type ServedWarehouse, type ServeOptions, serveWarehouse } from './serve/serve-warehouse.ts';
export type { SqlExportOptions, SqlOptions, SqlResult } from './sql.ts';
export { openWarehouse, type Warehouse, type WarehouseConfig } from './warehouse.ts';
