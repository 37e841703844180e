export type { ServerConfig } from './adapters/server.ts';
export type { LoadResult, SliceLoad } from './load-slice.ts';
export type { Migration } from './migrate.ts';
export type { NamedQuery } from './named-query.ts';
export { type SessionLoaded, sessionsLoaded } from './queries/sessions-loaded.ts';
export type { SqlOptions, SqlResult } from './sql.ts';
export { openWarehouse, type Warehouse, type WarehouseConfig } from './warehouse.ts';
