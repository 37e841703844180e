import { join } from 'node:path';

/** Where datasets are, as OpenLineage names them: a namespace for each store. */
export interface Stores {
  /** The exchange's file archive, or what stands in for it. */
  readonly exchangeUrl: string;
  /** Root of the lake, absolute. */
  readonly lakeRoot: string;
  /** ClickHouse's address; undefined: in the process. */
  readonly clickhouseUrl: string | undefined;
  /** As "host:port"; undefined: rows are sent to none. */
  readonly kafkaBrokers: readonly string[] | undefined;
}

/** A dataset's name and store. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

const DATABASE = 'champion';
const CLICKHOUSE_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** What the exchange publishes: one of its files, of whichever day. */
export function published(input: string): Place {
  return { namespace: 'nse', name: input };
}

/** A file of the machine. */
export function fileAt(path: string): Place {
  return { namespace: 'file', name: path };
}

/**
 * The folder that holds a table, or the raw files of a kind, of all days: the day's own path is the dataset's version.
 * @param path of one of its files, in the lake
 */
export function inLake(root: string, path: string): Place {
  const parts = path.split('/');
  return fileAt(join(root, ...parts.slice(0, parts[0] === 'raw' ? 3 : 2)));
}

/** What one task leaves for the next and nobody else: a run's own folder, under one name for all of them. */
export function staged(root: string, table: string): Place {
  return fileAt(join(root, 'staging', table));
}

export function inWarehouse({ clickhouseUrl }: Stores, table: string): Place {
  return { namespace: clickhouseNamespace(clickhouseUrl), name: `${DATABASE}.${table}` };
}

/** A topic is known by the first of its brokers. */
export function inKafka({ kafkaBrokers = [] }: Stores, topic: string): Place {
  return { namespace: `kafka://${kafkaBrokers[0] ?? 'unknown'}`, name: topic };
}

function clickhouseNamespace(url: string | undefined): string {
  if (url === undefined) return 'clickhouse://embedded';
  const { hostname, port, protocol } = new URL(url);
  return `clickhouse://${hostname}:${port || CLICKHOUSE_PORTS[protocol]}`;
}
