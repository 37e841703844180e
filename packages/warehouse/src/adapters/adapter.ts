import type { Readable } from 'node:stream';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';

/** What differs between the engine in this process and a server. Everything else is written once, over this. */
export interface Adapter {
  readonly kind: 'embedded' | 'server';
  /** Folder or URL, without credentials. */
  readonly location: string;
  readonly version: string;
  readonly database: string;
  /** For changes. The embedded engine runs one statement at a time per connection. */
  readonly writer: ClickHouseClient;
  /** For our own queries, so that they do not wait for a load. */
  readonly reader: ClickHouseClient;
  createDatabase(): Promise<void>;
  /** Inserts all rows of a Parquet file, as one block where the engine allows it. */
  insertFile(input: FileInsert): Promise<void>;
  /** Writes what a query gives as one Parquet file, replacing it. */
  writeParquet(output: FileOutput): Promise<void>;
  /** A place to run a person's SQL under settings that the SQL cannot change. */
  openReadOnly(settings: ReadOnlySettings): Promise<ReadOnlySession>;
  close(): Promise<void>;
}

export interface FileInsert {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  /** Absolute path of the Parquet file. */
  readonly file: string;
}

export interface FileOutput {
  /** One SELECT, without FORMAT. */
  readonly query: string;
  readonly params: Record<string, unknown>;
  /** Absolute path. */
  readonly file: string;
}

export interface TableColumn {
  readonly name: string;
  /** As ClickHouse writes it. */
  readonly type: string;
}

export type ReadOnlySettings = Readonly<Record<string, string | number>>;

export interface ReadOnlySession {
  /** Runs one statement and gives its answer as text, in JSONCompact unless the statement says otherwise. */
  run(query: string, params: Record<string, unknown>, signal: AbortSignal): Promise<string>;
  /** The same in another format, as bytes that come as they are read. Destroying the stream ends the reading. */
  stream(query: string, params: Record<string, unknown>, format: DataFormat, signal: AbortSignal): Promise<Readable>;
  close(): Promise<void>;
}

/** Quotes an identifier of ours; none of them holds a backtick. */
export function quoted(name: string): string {
  return `\`${name}\``;
}
